import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { exposedServices } from './scenarios/exposed-services.ts';

testAlone(exposedServices, useTempFolder());
