import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { outboundVolumes } from './scenarios/outbound-volumes.ts';

testAlone(outboundVolumes, useTempFolder());
