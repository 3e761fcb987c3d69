import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { guessingTogether } from './scenarios/guessing-together.ts';

testAlone(guessingTogether, useTempFolder());
