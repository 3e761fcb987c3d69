import { useTempFolder } from '../../support/temp-folder.ts';
import { inside } from './catalog.ts';
import { testAlone } from './scenario.ts';

testAlone(inside, useTempFolder());
