import { test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { expectCausesNamed } from './explain-causes.ts';
import { planted } from './planted-causes.ts';

const folder = useTempFolder();
/** More worlds for each: `PEEPHOLE_WORLDS=5 npm run test:long -- explain-causes`. */
const SEEDS = Number(process.env['PEEPHOLE_WORLDS'] ?? 1);

test('the first two rows name each cause', async () => {
  await expectCausesNamed(folder.path, planted, SEEDS);
}, 600_000);
