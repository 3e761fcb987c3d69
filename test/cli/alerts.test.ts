import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
let store = '';
beforeAll(async () => {
  store = join(folder.path, 'store');
  await writeFile(join(folder.path, 'a.log'), logFile(10));
  await runHere(['ingest', '--quiet', '--store', store, join(folder.path, 'a.log')]);
});

const many = { name: 'Many flows', condition: { kind: 'amount', measure: 'flows', above: 10 } };

test('alerts are imported from files, listed, and exported as the same files', async () => {
  const from = join(folder.path, 'from');
  await mkdir(from);
  await writeFile(join(from, 'many-flows.json'), JSON.stringify(many));
  expect(await jsonHere(['alerts', 'list', '--json', '--store', store])).toEqual([]);
  const first = await runHere(['alerts', 'import', from, '--store', store]);
  expect([first.code, first.stderr]).toEqual([0, '1 new, 0 changed, 0 unchanged.\n']);
  const second = await runHere(['alerts', 'import', from, '--store', store]);
  expect(second.stderr).toBe('0 new, 0 changed, 1 unchanged.\n');
  expect(await jsonHere(['alerts', 'list', '--json', '--store', store])).toMatchObject([
    { id: 'many-flows', name: 'Many flows', enabled: true, state: 'ok', evaluated_to: null },
  ]);
  expect((await runHere(['alerts', 'list', '--store', store])).stdout).toContain('Many flows');
  const to = join(folder.path, 'to');
  await runHere(['alerts', 'export', to, '--store', store]);
  expect(await readdir(to)).toEqual(['many-flows.json']);
  const text = await readFile(join(to, 'many-flows.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject(many);
  const again = await runHere(['alerts', 'import', to, '--store', store]);
  expect(again.stderr).toBe('0 new, 0 changed, 1 unchanged.\n');
});

test('files that are no alerts are named, and the others are kept', async () => {
  const bad = join(folder.path, 'bad');
  await mkdir(bad);
  await writeFile(join(bad, 'a.json'), '{');
  await writeFile(join(bad, 'b.json'), JSON.stringify({ name: 'x', condition: { kind: 'amuont' } }));
  await writeFile(join(bad, 'C.json'), JSON.stringify(many));
  await writeFile(join(bad, 'd.json'), JSON.stringify(many));
  const { code, stderr } = await runHere(['alerts', 'import', bad, '--store', store]);
  expect(code).toBe(1);
  for (const name of ['a.json', 'b.json', 'C.json']) expect(stderr).toContain(join(bad, name));
  expect(stderr).toContain('1 new');
  expect((await runHere(['alerts', 'import', join(folder.path, 'none'), '--store', store])).code).toBe(2);
});

test('views are files too', async () => {
  const views = join(folder.path, 'views');
  await mkdir(views);
  await writeFile(join(views, 'ssh.json'), JSON.stringify({ name: 'SSH', link: '?v=1&f=dstport:22' }));
  expect((await runHere(['views', 'import', views, '--store', store])).code).toBe(0);
  const to = join(folder.path, 'views-to');
  expect((await runHere(['views', 'export', to, '--store', store])).code).toBe(0);
  expect(await readdir(to)).toEqual(['ssh.json']);
});

test('an export overwrites no document of another kind, and does not miss it in the store', async () => {
  const mixed = join(folder.path, 'mixed');
  await mkdir(mixed);
  await writeFile(join(mixed, 'many-flows.json'), JSON.stringify(many));
  const beside = await runHere(['dashboards', 'export', mixed, '--store', store]);
  expect([beside.code, beside.stderr]).toEqual([0, `8 documents in ${mixed}.\n`]);
  await writeFile(join(mixed, 'cost.json'), JSON.stringify(many));
  const over = await runHere(['dashboards', 'export', mixed, '--store', store]);
  expect(over.code).toBe(2);
  expect(over.stderr).toContain(`such as ${join(mixed, 'dashboards')}`);
  expect(JSON.parse(await readFile(join(mixed, 'cost.json'), 'utf8'))).toEqual(many);
});
