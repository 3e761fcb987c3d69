import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { ruleChanges } from './scenarios/rule-changes.ts';

testAlone(ruleChanges, useTempFolder());
