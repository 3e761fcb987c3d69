import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { guessingSucceeded } from './scenarios/guessing-succeeded.ts';

testAlone(guessingSucceeded, useTempFolder());
