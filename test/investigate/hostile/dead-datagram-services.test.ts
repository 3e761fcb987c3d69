import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { deadDatagramServices } from './scenarios/dead-datagram-services.ts';

testAlone(deadDatagramServices, useTempFolder());
