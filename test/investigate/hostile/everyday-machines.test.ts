import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { everydayMachines } from './scenarios/everyday-machines.ts';

testAlone(everydayMachines, useTempFolder());
