import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { crowds } from './scenarios/crowds.ts';

testAlone(crowds, useTempFolder());
