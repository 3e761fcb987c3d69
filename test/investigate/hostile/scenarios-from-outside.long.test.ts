import { useTempFolder } from '../../support/temp-folder.ts';
import { fromOutside } from './catalog.ts';
import { testAlone } from './scenario.ts';

testAlone(fromOutside, useTempFolder());
