import { describe } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { catalog } from './catalog.ts';
import { testOthers } from './scenario.ts';

const folder = useTempFolder();

describe('scenarios alone, but the first of each list', () => {
  for (const scenarios of catalog) testOthers(scenarios, folder);
});
