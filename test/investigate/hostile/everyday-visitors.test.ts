import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { everydayVisitors } from './scenarios/everyday-visitors.ts';

testAlone(everydayVisitors, useTempFolder());
