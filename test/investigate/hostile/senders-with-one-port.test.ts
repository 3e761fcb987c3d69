import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { sendersWithOnePort } from './scenarios/senders-with-one-port.ts';

testAlone(sendersWithOnePort, useTempFolder());
