import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { randomVisitors } from './scenarios/random-visitors.ts';

testAlone(randomVisitors, useTempFolder());
