import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { strangersWithPauses } from './scenarios/strangers-with-pauses.ts';

testAlone(strangersWithPauses, useTempFolder());
