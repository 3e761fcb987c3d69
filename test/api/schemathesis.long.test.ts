import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectNothingFound } from './schemathesis.ts';

/** Of each route, by chance. */
const runs = process.env['PEEPHOLE_FUZZ_RUNS'] ?? '8';

const folder = useTempFolder();

// It knows every boundary, then takes what chance brings.
test('schemathesis finds nothing', { timeout: 600_000 }, async (context) => {
  await expectNothingFound(context, folder.path, [
    // The boundaries of every schema are thousands of requests: those of the routes that are unlike.
    ['--phases', 'examples,coverage', '--exclude-path-regex', 'query|export|explain'],
    ['--phases', 'fuzzing', '--max-examples', runs],
  ]);
});
