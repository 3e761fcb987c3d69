import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { deadServices } from './scenarios/dead-services.ts';

testAlone(deadServices, useTempFolder());
