import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { secondaryAddresses } from './scenarios/secondary-addresses.ts';

testAlone(secondaryAddresses, useTempFolder());
