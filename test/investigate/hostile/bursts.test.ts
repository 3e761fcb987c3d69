import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { bursts } from './scenarios/bursts.ts';

testAlone(bursts, useTempFolder());
