import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { hops } from './scenarios/hops.ts';

testAlone(hops, useTempFolder());
