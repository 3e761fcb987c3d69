import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectNothingFound } from './schemathesis.ts';

const folder = useTempFolder();

test('schemathesis finds nothing in a few requests of each route', { timeout: 600_000 }, async (context) => {
  await expectNothingFound(context, folder.path, [['--phases', 'fuzzing', '--max-examples', '1']]);
});
