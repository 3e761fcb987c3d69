import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { timedStrangers } from './scenarios/timed-strangers.ts';

testAlone(timedStrangers, useTempFolder());
