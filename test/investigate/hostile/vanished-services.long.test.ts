import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { vanishedServices } from './scenarios/vanished-services.ts';

testAlone(vanishedServices, useTempFolder());
