import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { slowStrangers } from './scenarios/slow-strangers.ts';

testAlone(slowStrangers, useTempFolder());
