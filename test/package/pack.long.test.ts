import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const folder = useTempFolder();
const root = fileURLToPath(new URL('../..', import.meta.url));

test('the package works when it is installed in an empty folder', async () => {
  // --ignore-scripts: dist/ was built just before the tests; building it again would pull it from under the others.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder.path], { cwd: root });
  const packed = (await readdir(folder.path)).find((name) => name.endsWith('.tgz')) ?? '';
  const home = join(folder.path, 'elsewhere');
  await mkdir(home);
  await run('npm', ['init', '-y'], { cwd: home });
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder.path, packed)], { cwd: home });
  const peephole = async (...args: readonly string[]): Promise<string> =>
    (
      await run(join(home, 'node_modules', '.bin', 'peephole'), args, {
        cwd: home,
        env: { ...process.env, NO_COLOR: '1', PEEPHOLE_STORE: join(home, 'store') },
      })
    ).stdout;

  await writeFile(join(home, 'a.log'), logFile(1000));
  await peephole('ingest', 'a.log');
  expect(JSON.parse(await peephole('query', '{"measures":["flows","rejected_flows"]}'))).toMatchObject({
    rows: [[1000, 20]],
  });
  expect(await peephole('doctor')).toContain('✓ Page');
  const installed = await readdir(join(home, 'node_modules'));
  for (const name of ['react', 'vite', 'typescript', 'vitest']) expect(installed).not.toContain(name);
}, 300_000);
