import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { forgedReplies } from './scenarios/forged-replies.ts';

testAlone(forgedReplies, useTempFolder());
