import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { loginsAtWork } from './scenarios/logins-at-work.ts';

testAlone(loginsAtWork, useTempFolder());
