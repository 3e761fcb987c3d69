import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { rulesChangedTwice } from './scenarios/rules-changed-twice.ts';

testAlone(rulesChangedTwice, useTempFolder());
