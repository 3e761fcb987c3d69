import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { outboundBeacons } from './scenarios/outbound-beacons.ts';

testAlone(outboundBeacons, useTempFolder());
