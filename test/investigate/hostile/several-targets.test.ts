import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { severalTargets } from './scenarios/several-targets.ts';

testAlone(severalTargets, useTempFolder());
