import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { SourceStatus } from '../../src/model/source-status.ts';
import { serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { runHere, serveHere, type ServerHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();

async function writeView(documents: string, id: string, content: object): Promise<void> {
  await mkdir(join(documents, 'views'), { recursive: true });
  await writeFile(join(documents, 'views', `${id}.json`), JSON.stringify(content));
}

describe('peephole config check', () => {
  test('says what a file holds, or where it is wrong', async () => {
    const good = join(folder.path, 'good.yaml');
    await writeFile(good, 'sources:\n  - /var/log/flows\nretention:\n  keep: P90D\n');
    expect(await runHere(['config', 'check', good])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 source, no inventory, what is older than P90D deleted'),
    });
    const torn = join(folder.path, 'torn.yaml');
    await writeFile(torn, 'sources: [x\n');
    expect(await runHere(['config', 'check', torn])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/torn\.yaml: .* at line 2, column 1\.\n$/),
    });
    const wrong = join(folder.path, 'wrong.json');
    await writeFile(wrong, '{"sources": [{"name": "s3://logs", "regoin": "x"}]}');
    expect(await runHere(['config', 'check', wrong])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/wrong\.json: sources\[0\]\.regoin: .*Did you mean region\?/),
    });
    const broken = join(folder.path, 'broken.yml');
    await writeFile(broken, 'sources: [\n');
    expect(await runHere(['config', 'check', broken])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/broken\.yml: .*line 2/s),
    });
    expect(await runHere(['config', 'check'], { cwd: folder.path })).toMatchObject({ code: 2 });
    const [team, config] = [join(folder.path, 'checked'), join(folder.path, 'team.json')];
    await writeView(team, 'ssh', { name: 'SSH', link: '?v=1' });
    await writeFile(config, JSON.stringify({ documents: team }));
    expect((await runHere(['config', 'check', config])).stdout).toContain(`1 document in ${team}`);
    await writeView(team, 'wrong', { name: 'SSH' });
    expect(await runHere(['config', 'check', config])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${join(team, 'views', 'wrong.json')}: link`),
    });
  });
});

test('the configuration in docs/sources.md is one, aws: without quotes included', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../docs/sources.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(docs) ?? [];
  const documents = join(folder.path, 'of-docs');
  await mkdir(documents);
  const file = join(folder.path, 'docs.yaml');
  await writeFile(file, yaml.replace('/etc/peephole/documents', documents));
  const { code, stdout, stderr } = await runHere(['config', 'check', file], {
    env: { SLACK_WEBHOOK: 'https://hooks.example.com/x' },
  });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('3 sources');
  for (const source of ['  - aws: # all', '  -  name:\taws:', '  - region: eu-west-1\r\n    name: aws:  ']) {
    await writeFile(file, `sources:\r\n${source}\r\nretention:\n  keep: P90D\n`);
    expect(await runHere(['config', 'check', file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 source, no inventory, what is older than P90D deleted'),
    });
  }
});

describe('peephole serve --config', () => {
  let server: ServerHere | null = null;
  afterAll(() => server?.stop());

  test('does what the file says, and what it says once it is changed', async () => {
    const [first, second] = [join(folder.path, 'first'), join(folder.path, 'second')];
    for (const [path, count] of [
      [first, 30],
      [second, 40],
    ] as const) {
      await mkdir(path);
      await writeFile(join(path, 'a.log'), logFile(count, 1_529_452_800, count));
    }
    const file = join(folder.path, 'peephole.config.json');
    const write = async (text: string): Promise<void> => {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    };
    await write(JSON.stringify({ sources: [first] }));
    server = await serveHere(join(folder.path, 'store'), ['--quiet', '--config', file]);
    const { url } = server;
    const until = async (condition: (sources: readonly SourceStatus[]) => boolean): Promise<void> => {
      for (;;) {
        const reply = await fetch(`${url}api/v1/sources`);
        if (condition((await reply.json()) as readonly SourceStatus[])) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const states = (sources: readonly SourceStatus[]): string =>
      sources.map(({ id, state, records }) => `${id} ${state} ${records}`).join(', ');
    await until((sources) => states(sources) === `files:${first} live 30`);
    await write('{"sources": ');
    await write(JSON.stringify({ sources: [second] }));
    await until((sources) => states(sources) === `files:${first} stopped 30, files:${second} live 40`);
    await write(JSON.stringify({ sources: [second, first] }));
    await until((sources) => states(sources) === `files:${first} live 30, files:${second} live 40`);
    const team = join(folder.path, 'team');
    await writeView(team, 'ssh', { name: 'SSH', link: '?v=1' });
    await writeView(team, 'torn', {});
    await write(JSON.stringify({ documents: team }));
    await until((sources) => sources.every(({ state }) => state === 'stopped'));
    const json = async (path: string): Promise<unknown> => (await fetch(`${url}api/v1/${path}`)).json();
    const origin = join(team, 'views', 'ssh.json');
    await expect
      .poll(() => json('views'), { timeout: 30_000 })
      .toMatchObject([{ id: 'ssh', version: 0, original: { from: 'file', file: origin, changed: false } }]);
    expect(await json('document-folder')).toMatchObject({
      folder: team,
      problems: [{ file: join(team, 'views', 'torn.json'), kept: false }],
    });
    const put = await fetch(`${url}api/v1/views/ssh`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': '"0"' },
      body: JSON.stringify({ name: 'Mine', link: '?v=1' }),
    });
    expect(await put.json()).toMatchObject({ version: 1, original: { changed: true } });
    await write('{}');
    await expect.poll(() => json('views'), { timeout: 30_000 }).toMatchObject([{ original: null }]);
  });

  // Windows has no SIGHUP, and links only for administrators.
  test.skipIf(process.platform === 'win32')('reads a file behind a link again on SIGHUP', async () => {
    const logs = join(folder.path, 'linked');
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), logFile(20, 1_529_452_800, 20));
    // Changes in another folder are not seen by watching the link's.
    const [target, file] = [join(logs, 'config.json'), join(folder.path, 'link.json')];
    await writeFile(target, '{}');
    await symlink(target, file);
    const linked = await serve(join(folder.path, 'linked-store'), ['--config', file]);
    try {
      await writeFile(target, JSON.stringify({ sources: [join(logs, '*.log')] }));
      const sources = async (): Promise<readonly SourceStatus[]> =>
        (await (await fetch(`${linked.url}api/v1/sources`)).json()) as readonly SourceStatus[];
      expect(await sources()).toEqual([]);
      linked.process.kill('SIGHUP');
      await expect
        .poll(sources, { timeout: 30_000 })
        .toMatchObject([{ id: `files:${join(logs, '*.log')}`, state: 'live', records: 20 }]);
    } finally {
      await linked.stop();
    }
  });

  test('does not start with one that is wrong', async () => {
    const file = join(folder.path, 'bad.json');
    await writeFile(file, '{"retention": {"keep": "90 days"}}');
    const { code, stderr } = await runHere([
      'serve',
      '--config',
      file,
      '--store',
      join(folder.path, 'other'),
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('retention.keep')]);
  });
});
