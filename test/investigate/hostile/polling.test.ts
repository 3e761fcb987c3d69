import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { polling } from './scenarios/polling.ts';

testAlone(polling, useTempFolder());
