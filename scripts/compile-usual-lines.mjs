// node scripts/compile-usual-lines.mjs: compiles the inner loop of decoding text (src/decode/text/usual-lines.as) anew, after
// it was changed, with AssemblyScript, which it installs from the registry into the cache: nobody else needs it. With --check
// it writes nothing, and says whether what is there is what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, npm, root } from './steps.mjs';

const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--importMemory'];

const folder = join(root, 'src', 'decode', 'text');
const source = readFileSync(join(folder, 'usual-lines.as'), 'utf8').replaceAll('\r\n', '\n');
const made = join(folder, 'usual-lines.wasm.ts');
const module = `// Made by \`node scripts/compile-usual-lines.mjs\` of usual-lines.as; not to be changed by hand.

/** The SHA-256 of usual-lines.as. */
export const SOURCE_SHA256 = '${createHash('sha256').update(source).digest('hex')}';

/** The WebAssembly module, in base64. */
export const USUAL_LINES =
  '${Buffer.from(await compile(source)).toString('base64')}';
`;
if (process.argv[2] === '--check')
  process.stdout.write(
    readFileSync(made, 'utf8').replaceAll('\r\n', '\n') === module ? 'same\n' : 'different\n',
  );
else writeFileSync(made, module);

async function compile(text) {
  const home = cacheFolder(COMPILER);
  const compiler = join(home, 'node_modules', 'assemblyscript', 'dist', 'asc.js');
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!existsSync(compiler)) npm(['install', '--prefix', home, ...quietly, COMPILER], { quiet: true });
  const { default: asc } = await import(pathToFileURL(compiler));
  let bytes = null;
  // It takes files of its own ending only.
  const { error, stderr } = await asc.main(['usual-lines.ts', '--outFile', 'out', ...OPTIONS], {
    readFile: (name) => (name === 'usual-lines.ts' ? text : null),
    writeFile: (name, content) => {
      if (name === 'out') bytes = content;
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === null) throw new Error(`${stderr.toString()}${error?.message ?? ''}`);
  return bytes;
}
