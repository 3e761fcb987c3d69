import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { lateReplies } from './scenarios/late-replies.ts';

testAlone(lateReplies, useTempFolder());
