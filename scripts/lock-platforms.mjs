// Part of npm run check: package-lock.json holds every optional dependency, those for other platforms too. A lock that
// npm made beside a node_modules of one platform may lack them; then npm ci refuses it, and other platforms get no engine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a lock lacks, as `package needs dependency`.
 *
 * @param packages `packages` of a package-lock.json: by path, such as `node_modules/a/node_modules/b`
 */
export function missingOptional(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `${path === '' ? 'the project' : path} needs ${name}`),
  );
}

/** As Node finds a module: beside those of the package itself, then further up. */
function isLocked(packages, path, name) {
  const place = `${path === '' ? '' : `${path}/`}node_modules/${name}`;
  if (packages[place] !== undefined) return true;
  if (path === '') return false;
  const end = path.lastIndexOf('/node_modules/');
  return isLocked(packages, end === -1 ? '' : path.slice(0, end), name);
}

/** Ends the process with a message if the lock lacks any. */
export function checkLock(root) {
  const missing = missingOptional(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  if (missing.length === 0) return;
  process.stderr.write(
    `package-lock.json lacks packages of other platforms:\n${missing.map((line) => `  ${line}\n`).join('')}` +
      'Make it anew: rm -rf node_modules package-lock.json && npm install --package-lock-only\n',
  );
  process.exit(1);
}
