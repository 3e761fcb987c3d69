import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { guessing } from './scenarios/guessing.ts';

testAlone(guessing, useTempFolder());
