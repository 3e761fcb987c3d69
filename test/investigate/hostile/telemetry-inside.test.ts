import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { telemetryInside } from './scenarios/telemetry-inside.ts';

testAlone(telemetryInside, useTempFolder());
