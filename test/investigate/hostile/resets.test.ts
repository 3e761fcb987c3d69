import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { resets } from './scenarios/resets.ts';

testAlone(resets, useTempFolder());
