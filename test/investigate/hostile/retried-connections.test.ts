import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { retriedConnections } from './scenarios/retried-connections.ts';

testAlone(retriedConnections, useTempFolder());
