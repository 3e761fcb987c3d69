import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { solePeers } from './scenarios/sole-peers.ts';

testAlone(solePeers, useTempFolder());
