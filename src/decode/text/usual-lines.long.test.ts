import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the compiler makes the module of its source (installs the compiler from the registry)', (context) => {
  const script = fileURLToPath(new URL('../../../scripts/compile-usual-lines.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  if (status !== 0 && /\bnpm (?:error|ERR!)/.test(stderr)) context.skip(`npm: ${stderr.slice(0, 300)}`);
  // What npm says of the compiler, when it installs it, is on stderr.
  expect([status, stdout], stderr).toEqual([0, 'same\n']);
}, 180_000);
