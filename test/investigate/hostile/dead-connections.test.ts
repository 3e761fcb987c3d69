import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { deadConnections } from './scenarios/dead-connections.ts';

testAlone(deadConnections, useTempFolder());
