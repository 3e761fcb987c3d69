import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { scansFromOnePort } from './scenarios/scans-from-one-port.ts';

testAlone(scansFromOnePort, useTempFolder());
