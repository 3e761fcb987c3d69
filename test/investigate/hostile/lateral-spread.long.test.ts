import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { lateralSpread } from './scenarios/lateral-spread.ts';

testAlone(lateralSpread, useTempFolder());
