import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { letInAndRefused } from './scenarios/let-in-and-refused.ts';

testAlone(letInAndRefused, useTempFolder());
