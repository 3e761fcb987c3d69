// node scripts/keep-store.mjs [FOLDER]: makes a small store with the program as it is, and keeps it with what it answers, so
// that a later version can be tested on it. Run it before the version of the store is raised (src/engine/README.md).
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureBuilt, ensureInstalled, root } from './steps.mjs';

const START = Date.UTC(2018, 5, 20) / 1000;
const LOGGED =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const QUERY = {
  splits: [
    { field: 'dstport', limit: 10 },
    { field: 'time', bucket: 'PT1H' },
  ],
  measures: ['flows', 'bytes', 'rejected_flows', 'connections'],
  subtotals: true,
};

/** Flows of both families over three hours, an hour without, one whose records were lost, and a line that is none. */
function logs() {
  const own = '123456789012 eni-0a1b2c3d4e5f60718';
  const flow = (i) => {
    const source = i % 4 === 3 ? `2001:db8::${i + 1}` : `198.51.100.${i + 1}`;
    const from = START + i * 600;
    const port = i % 2 === 0 ? 443 : 80;
    return `2 ${own} ${source} 10.0.1.7 ${40_000 + i} ${port} 6 ${i + 1} ${(i + 1) * 40} ${from} ${from + 50} ${i % 2 === 0 ? 'ACCEPT' : 'REJECT'} OK`;
  };
  const none = (hour, status) => `2 ${own} - - - - - - - ${START + hour} ${START + hour + 60} - ${status}`;
  return [
    LOGGED,
    ...Array.from({ length: 12 }, (_, i) => flow(i)),
    none(7_200, 'NODATA'),
    none(7_800, 'SKIPDATA'),
    `2 ${own} 198.51.100.300 10.0.1.7 1 80 6 1 40 ${START} ${START + 50} ACCEPT OK`,
  ];
}

/** What the program prints, in a folder. It says nothing of a line that goes to quarantine, but by its exit code. */
function peephole(cwd, ...args) {
  const program = join(root, 'bin', 'peephole.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0 && stderr !== '') throw new Error(stderr);
  return stdout;
}

ensureInstalled();
ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'peephole-store-'));
try {
  const store = join(folder, 'store');
  writeFileSync(join(folder, 'flows.log'), `${logs().join('\n')}\n`);
  peephole(folder, 'ingest', 'flows.log', '--store', store, '--quiet');
  // What was logged, not what is derived of it: that may change with the program.
  const logged = LOGGED.replaceAll('-', '_')
    .split(' ')
    .map((name) => `"${name}"`)
    .join(', ');
  const all = (view, list) => {
    const statement = `SELECT ${list} FROM ${view}`;
    const rows = JSON.parse(peephole(folder, 'sql', statement, '--format', 'json', '--store', store));
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
  };
  const { columns, rows } = JSON.parse(peephole(folder, 'query', JSON.stringify(QUERY), '--store', store));
  const answers = {
    flows: all('flows', logged),
    coverage: all('coverage', `${logged}, input`),
    quarantine: all('quarantine', '*'),
    answer: { columns, rows },
  };
  const manifest = JSON.parse(readFileSync(join(store, 'CURRENT'), 'utf8'));
  const kept = process.argv[2] ?? join(root, 'test', 'fixtures', 'stores', `version-${manifest.version}`);
  mkdirSync(kept, { recursive: true });
  copyFileSync(join(store, 'CURRENT'), join(kept, 'CURRENT'));
  writeFileSync(
    join(kept, `${manifest.file}.gz`),
    gzipSync(readFileSync(join(store, manifest.file)), { level: 9 }),
  );
  writeFileSync(join(kept, 'expected.json'), `${JSON.stringify(answers, null, 2)}\n`);
  process.stdout.write(`A store of version ${manifest.version} is in ${kept}.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
