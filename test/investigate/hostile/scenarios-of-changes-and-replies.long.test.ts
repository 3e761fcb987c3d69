import { useTempFolder } from '../../support/temp-folder.ts';
import { changesAndReplies } from './catalog.ts';
import { testAlone } from './scenario.ts';

testAlone(changesAndReplies, useTempFolder());
