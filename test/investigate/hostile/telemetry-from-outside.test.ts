import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { telemetryFromOutside } from './scenarios/telemetry-from-outside.ts';

testAlone(telemetryFromOutside, useTempFolder());
