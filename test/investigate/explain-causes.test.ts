import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectCausesNamed } from './explain-causes.ts';
import { planted } from './planted-causes.ts';

const folder = useTempFolder();
/** One cause of so many; the long suite has them all. */
const EACH = 5;

test('the first two rows name the cause', async () => {
  const causes = planted.filter((_, at) => at % EACH === 0);
  expect(causes.length).toBeGreaterThan(3);
  await expectCausesNamed(folder.path, causes, 1);
}, 240_000);
