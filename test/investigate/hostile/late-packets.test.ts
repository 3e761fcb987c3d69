import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { latePackets } from './scenarios/late-packets.ts';

testAlone(latePackets, useTempFolder());
