import { useTempFolder } from '../../support/temp-folder.ts';
import { testAlone } from './scenario.ts';
import { ordinaryNetworks } from './scenarios/ordinary-networks.ts';

testAlone(ordinaryNetworks, useTempFolder());
