import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { header, logFile, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

interface Report {
  readonly inputs: number;
  readonly skipped_inputs: number;
  readonly failed_inputs: number;
  readonly records: number;
  readonly flows: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly quarantined: number;
  readonly duplicates: number;
  readonly seconds: number;
}

const lastJson = (stdout: string): Report => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;

describe('peephole ingest', () => {
  test('counts every record once: flows, coverage, quarantine', async () => {
    const lines = [
      header,
      logLine(),
      logLine({ srcaddr: '10.0.0.300' }),
      logLine({ dstport: 70_000 }),
      logLine({ bytes: 'many' }),
      logLine({ start: 99_999_999_999 }),
      `${logLine()} extra`,
      '2 123456789012 eni-1 - - - - - - - 1529452800 1529452860 - NODATA',
      '2 123456789012 eni-1 - - - - - - - 1529452800 1529452860 - SKIPDATA',
      '',
      header,
      logLine({ srcaddr: '2001:db8::1', dstaddr: '2001:db8::2' }),
    ];
    await writeFile(path('mixed.log'), lines.join('\r\n'));
    const store = path('mixed');
    const { code, stdout, stderr } = await peephole([
      'ingest',
      '--store',
      store,
      '--json',
      path('mixed.log'),
    ]);
    expect(lastJson(stdout)).toMatchObject({
      inputs: 1,
      skipped_inputs: 0,
      failed_inputs: 0,
      records: 9,
      flows: 2,
      nodata: 1,
      skipdata: 1,
      quarantined: 5,
      duplicates: 0,
    });
    // Part of the input could not be read.
    expect(code).toBe(1);
    expect(stderr).toContain('5 lines in quarantine');
    const lost = await peepholeJson<readonly { line: number; reason: string; input: string; text: string }[]>(
      ['sql', '--store', store, '--format', 'json', 'SELECT * FROM quarantine ORDER BY line'],
    );
    expect(lost.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(lost[0]).toMatchObject({ input: path('mixed.log'), text: logLine({ srcaddr: '10.0.0.300' }) });
    for (const [index, word] of ['srcaddr', 'dstport', 'bytes', 'start', '15 fields'].entries())
      expect(lost[index]?.reason).toContain(word);
    const coverage = await peepholeJson([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      'SELECT log_status, interface_id, "start" FROM coverage ORDER BY 1',
    ]);
    expect(coverage).toEqual([
      { log_status: 'NODATA', interface_id: 'eni-1', start: '2018-06-20T00:00:00Z' },
      { log_status: 'SKIPDATA', interface_id: 'eni-1', start: '2018-06-20T00:00:00Z' },
    ]);
    const flows = await peepholeJson([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      'SELECT srcaddr, dstaddr, "end", vpc_id FROM flows ORDER BY 1',
    ]);
    expect(flows).toEqual([
      { srcaddr: '2001:db8::1', dstaddr: '2001:db8::2', end: '2018-06-20T00:01:00Z', vpc_id: null },
      { srcaddr: '203.0.113.9', dstaddr: '10.0.0.1', end: '2018-06-20T00:01:00Z', vpc_id: null },
    ]);
  });

  test('takes nothing twice, under whatever name, and says so', async () => {
    const store = path('twice');
    await writeFile(path('one.log'), logFile(100));
    await writeFile(path('copy.log'), logFile(100));
    await writeFile(path('other.log'), logFile(50, 1_529_460_000, 7));
    const first = await peepholeJson<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      path('one.log'),
      path('one.log'),
      path('copy.log'),
    ]);
    expect(first).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 100 });
    const second = await peepholeJson<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      path('copy.log'),
      path('other.log'),
    ]);
    expect(second).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 50 });
    const status = await peepholeJson<{ flows: number; inputs: number }>([
      'status',
      '--store',
      store,
      '--json',
    ]);
    expect(status).toMatchObject({ flows: 150, inputs: 2 });
  });

  test('a truncated gzip fails alone, named, and the others go in', async () => {
    const store = path('truncated');
    const logs = path('truncated-logs');
    await mkdir(logs);
    const whole = gzipSync(logFile(5_000));
    await writeFile(join(logs, 'good.log.gz'), gzipSync(logFile(10, 1_529_470_000)));
    await writeFile(join(logs, 'bad.log.gz'), whole.subarray(0, Math.floor(whole.length * 0.7)));
    const { code, stdout, stderr } = await peephole(['ingest', '--store', store, '--json', logs]);
    expect(code).toBe(1);
    expect(lastJson(stdout)).toMatchObject({ inputs: 2, failed_inputs: 1, flows: 10, records: 10 });
    expect(stderr).toContain('bad.log.gz');
    // Once it is whole it goes in.
    await writeFile(join(logs, 'bad.log.gz'), whole);
    const again = await peepholeJson<Report>(['ingest', '--store', store, '--json', logs]);
    expect(again).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 5_000 });
  });

  test('what holds no flow logs is skipped in a folder, named as what it is, and fails when it is named', async () => {
    const store = path('beside');
    const logs = path('beside-logs');
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), logFile(10, 1_529_480_000));
    await writeFile(
      join(logs, 'interfaces.json'),
      JSON.stringify({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] }, null, 2),
    );
    const found = await peephole(['ingest', '--store', store, '--json', logs]);
    expect(found.code).toBe(0);
    expect(lastJson(found.stdout)).toMatchObject({ inputs: 1, flows: 10, quarantined: 0, failed_inputs: 0 });
    expect(found.stderr).toMatch(/Skipped \(not flow logs\): .*interfaces\.json \(EC2's list of interfaces/);
    const named = await peephole(['ingest', '--store', store, '--json', join(logs, 'interfaces.json')]);
    expect(named.code).toBe(1);
    expect(lastJson(named.stdout)).toMatchObject({ inputs: 1, failed_inputs: 1, records: 0 });
  });

  test('reads standard input, globs, and text without a header by --format', async () => {
    const store = path('ways');
    await writeFile(path('g1.glob.log'), logFile(10, 1_529_452_800, 1));
    await writeFile(path('g2.glob.log'), logFile(10, 1_529_452_800, 2));
    const piped = await peephole(['ingest', '--store', store, '--json', '-'], {
      stdin: gzipSync(logFile(7)),
    });
    expect(lastJson(piped.stdout)).toMatchObject({ inputs: 1, flows: 7 });
    const globbed = await peepholeJson<Report>(['ingest', '--store', store, '--json', '*.glob.log'], {
      cwd: folder.path,
    });
    expect(globbed).toMatchObject({ inputs: 2, flows: 20 });
    await writeFile(path('custom.log'), '2 eni-9 172.31.16.139 172.31.16.21 x/1\n');
    const format = '${version} ${interface-id} ${srcaddr} ${dstaddr} ${my-field}';
    const custom = await peepholeJson<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      '--format',
      format,
      path('custom.log'),
    ]);
    expect(custom).toMatchObject({ flows: 1, quarantined: 0 });
    const rows = await peepholeJson([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      "SELECT srcaddr, my_field, action FROM flows WHERE interface_id = 'eni-9'",
    ]);
    expect(rows).toEqual([{ srcaddr: '172.31.16.139', my_field: 'x/1', action: null }]);
  });

  test('wrong use is exit code 2, work that fails is 1, and there is no stack', async () => {
    const store = path('wrong');
    const missing = await peephole(['ingest', '--store', store, path('nowhere.log')]);
    const noInput = await peephole(['ingest', '--store', store]);
    const badFormat = await peephole(['ingest', '--store', store, '--format', '${nothing', path('one.log')]);
    const badOption = await peephole(['status', '--store', store, '--nonsense']);
    const badCommand = await peephole(['nonsense']);
    expect([missing.code, noInput.code, badFormat.code, badOption.code, badCommand.code]).toEqual([
      1, 2, 2, 2, 2,
    ]);
    for (const { stdout, stderr } of [missing, noInput, badFormat, badOption, badCommand]) {
      expect(stdout).toBe('');
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.length).toBeGreaterThan(10);
    }
  });
});

describe('peephole sql', () => {
  test('only reads', async () => {
    const store = path('guarded');
    await writeFile(path('guarded.log'), logFile(10));
    await peephole(['ingest', '--store', store, path('guarded.log')]);
    // What else is refused: src/engine/duckdb/sql-guard.test.ts.
    const refused = [
      'DELETE FROM flows',
      "COPY (SELECT 1) TO '/tmp/peephole-should-not-be'",
      "SELECT * FROM read_csv('/etc/passwd')",
      '',
    ];
    for (const statement of refused) {
      const { code, stdout, stderr } = await peephole(['sql', '--store', store, statement]);
      expect([statement, code, stdout]).toEqual([statement, 2, '']);
      expect(stderr).toMatch(/^peephole: /);
    }
    expect(
      await peepholeJson(['sql', '--store', store, '--format', 'json', 'SELECT count(*) AS n FROM flows']),
    ).toEqual([{ n: 10 }]);
  });

  test('prints tables, JSON and CSV; numbers that JavaScript cannot hold are strings', async () => {
    const store = path('printed');
    await writeFile(path('printed.log'), logFile(10));
    await peephole(['ingest', '--store', store, path('printed.log')]);
    const select = `SELECT 'a"b,c' AS text, 9007199254740993::BIGINT AS big, 1.5 AS real, NULL AS nothing, TIMESTAMP '2018-06-20 01:02:03' AS at, [1, 2] AS list, '\u001b[31mred' AS sly`;
    const [json] = await peepholeJson<readonly unknown[]>([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      select,
    ]);
    expect(json).toEqual({
      text: 'a"b,c',
      big: '9007199254740993',
      real: 1.5,
      nothing: null,
      at: '2018-06-20T01:02:03Z',
      list: [1, 2],
      sly: '\u001b[31mred',
    });
    const csv = await peephole(['sql', '--store', store, '--format', 'csv', select]);
    expect(csv.stdout.split('\r\n')[1]).toBe(
      '"a""b,c",9007199254740993,1.5,,2018-06-20T01:02:03Z,"[1,2]",\\x1b[31mred',
    );
    const formula = await peephole([
      'sql',
      '--store',
      store,
      '--format',
      'csv',
      "SELECT '=1+1' AS a, -1 AS b",
    ]);
    expect(formula.stdout).toBe("a,b\r\n'=1+1,-1\r\n");
    const table = await peephole(['sql', '--store', store, select]);
    expect(table.stdout).toContain('\\x1b[31mred');
    expect(table.stdout).not.toContain('\u001b[31mred');
  });
});

describe('questions and output', () => {
  test('JSON that is nested too deep is the question’s fault, wherever it comes from', async () => {
    const store = path('deep');
    await writeFile(path('deep.log'), logFile(10));
    await peephole(['ingest', '--store', store, path('deep.log')]);
    const brackets = '['.repeat(50_000) + ']'.repeat(50_000);
    await writeFile(path('deep.json'), `{"filter": ${brackets}}`);
    for (const args of [
      ['query', path('deep.json')],
      ['query', `{"splits": ${brackets.slice(49_000, 51_000)}}`],
      ['explain', path('deep.json')],
    ]) {
      const { code, stderr } = await peephole([args[0] ?? '', '--store', store, ...args.slice(1)]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/nested more than 64 levels deep/)]);
    }
  });

  test.skipIf(!existsSync('/dev/full'))(
    'output that can’t be written is said (needs /dev/full)',
    async () => {
      const store = path('full');
      await writeFile(path('full.log'), logFile(10));
      await peephole(['ingest', '--store', store, path('full.log')]);
      for (const args of [
        ['status', '--json'],
        ['sql', 'SELECT range FROM range(100000)'],
        ['query', '{}'],
      ]) {
        const { code, stderr } = await peephole([args[0] ?? '', '--store', store, ...args.slice(1)], {
          stdout: '/dev/full',
        });
        expect([code, stderr]).toEqual([
          1,
          expect.stringMatching(/The output could not be written: .*space/),
        ]);
      }
    },
  );
});

describe('peephole retain', () => {
  test('drops what is older, gives the space back, and does not take it in again', async () => {
    const store = path('retained');
    const day = 86_400;
    for (const [index, start] of [0, 1, 2, 9, 10].entries()) {
      await writeFile(path(`day-${index}.log`), logFile(60_000, 1_529_452_800 + start * day, index));
    }
    const files = [0, 1, 2, 3, 4].map((index) => path(`day-${index}.log`));
    await peephole(['ingest', '--store', store, ...files]);
    const report = await peepholeJson<{
      dropped_flows: number;
      kept_flows: number;
      bytes_before: number;
      bytes_after: number;
      cut: string;
    }>(['retain', '--store', store, '--keep', 'P3D', '--json']);
    expect(report).toMatchObject({
      dropped_flows: 180_000,
      kept_flows: 120_000,
      cut: '2018-06-27T01:00:00Z',
    });
    expect(report.bytes_after).toBeLessThan(0.75 * report.bytes_before);
    const again = await peepholeJson<Report>(['ingest', '--store', store, '--json', ...files]);
    expect(again).toMatchObject({ skipped_inputs: 5, flows: 0 });
    expect(
      await peepholeJson([
        'sql',
        '--store',
        store,
        '--format',
        'json',
        'SELECT count(*) AS n, min("start") AS first FROM flows',
      ]),
    ).toEqual([{ n: 120_000, first: '2018-06-29T00:00:00Z' }]);
    expect((await readdir(store)).filter((name) => name.includes('.duckdb'))).toHaveLength(1);
    expect((await peephole(['retain', '--store', store, '--keep', 'three days'])).code).toBe(2);
  });
});

describe('peephole status', () => {
  test('tells range, gaps and coverage', async () => {
    const store = path('status');
    const skip = '2 123456789012 eni-1 - - - - - - - 1529470800 1529470860 - SKIPDATA';
    await writeFile(path('s1.log'), `${logFile(100, 1_529_452_800)}${skip}\n`);
    await writeFile(path('s2.log'), logFile(100, 1_529_452_800 + 3 * 3600, 1));
    await peephole(['ingest', '--store', store, path('s1.log'), path('s2.log')]);
    const status = await peepholeJson(['status', '--store', store, '--json']);
    expect(status).toMatchObject({
      flows: 200,
      skipdata: 1,
      nodata: 0,
      quarantined: 0,
      inputs: 2,
      range: { from: '2018-06-20T00:00:00Z', to: '2018-06-20T03:01:40Z' },
      gaps: [
        { from: '2018-06-20T01:00:00Z', to: '2018-06-20T03:00:00Z' },
        { from: '2018-06-20T04:00:00Z', to: '2018-06-20T05:00:00Z' },
      ],
      gap_hours: 3,
      skipdata_hours: 1,
    });
    const { stdout, code } = await peephole(['status', '--store', store]);
    expect(code).toBe(0);
    expect(stdout).toContain('200');
  });
});

describe('peephole doctor', () => {
  test('finds everything in order', async () => {
    const { code, stdout } = await peephole(['doctor', '--store', path('doctored')]);
    expect([code, stdout.includes('✗')]).toEqual([0, false]);
  });
});

describe('a store that is not there', () => {
  const reading = [
    ['status'],
    ['sql', 'SELECT 1'],
    ['query', '{}'],
    ['knocks'],
    ['explain'],
    ['retain', '--keep', 'P1D'],
    ['compact'],
  ];

  test.each(reading)('is not made by %s, which says so', async (...args) => {
    const store = path('mistyped');
    const named = await peephole([...args, '--store', store]);
    expect([named.code, named.stdout, existsSync(store)]).toEqual([1, '', false]);
    expect(named.stderr).toContain(`There is no store in ${store}. Is --store right?`);
    const fromEnvironment = await peephole(args, { env: { PEEPHOLE_STORE: store } });
    expect([fromEnvironment.code, existsSync(store)]).toEqual([1, false]);
    expect(fromEnvironment.stderr).toContain('Is $PEEPHOLE_STORE right?');
  });

  test('is not made by default either', async () => {
    const env = {
      XDG_DATA_HOME: path('home'),
      HOME: path('home'),
      LOCALAPPDATA: path('home'),
      PEEPHOLE_STORE: '',
    };
    const { code, stderr } = await peephole(['status'], { env });
    expect([code, existsSync(path('home'))]).toEqual([1, false]);
    expect(stderr).toContain('Take logs in first: peephole ingest LOGS.');
  });

  test.skipIf(process.platform !== 'linux')('and can not be made ends the command at once', async () => {
    await writeFile(path('one.log'), logFile(1));
    for (const args of [['status'], ['doctor'], ['ingest', path('one.log')], ['serve', '--port', '0']]) {
      const { code, stdout, stderr } = await peephole([...args, '--store', '/proc/x']);
      expect(code, args[0]).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(/no store in|can't be used as a store|none in/);
    }
    const { code, stderr } = await peephole([
      'simulate',
      '--out',
      '/proc/x',
      '--days',
      '1',
      '--flows',
      '1000',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("The folder /proc/x can't be made")]);
  });

  test('is made by serve, which warns, since a server may be there before its logs', async () => {
    const server = start(['serve', '--quiet', '--port', '0', '--store', path('served')]);
    const ended = finished(server);
    server.stdout?.once('data', () => server.kill('SIGTERM'));
    const { stderr } = await ended;
    expect(stderr).toContain(`There was no store in ${path('served')}`);
    const again = start(['serve', '--quiet', '--port', '0', '--store', path('served')]);
    const endedAgain = finished(again);
    again.stdout?.once('data', () => again.kill('SIGTERM'));
    expect((await endedAgain).stderr).toBe('');
  });
});

describe('peephole serve', () => {
  test('shows the token that it made, whatever messages are wanted', async () => {
    const child = start(['serve', '--quiet', '--host', '0.0.0.0', '--port', '0', '--store', path('token')]);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const [address] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    const { port } = new URL(address.toString('utf8').trim());
    const ask = async (password: string): Promise<number> => {
      const headers = { authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` };
      return (await fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers })).status;
    };
    const token = /password .*: (\S+)/.exec(stderr)?.[1] ?? '';
    expect([await ask('guess'), await ask(token)]).toEqual([401, 200]);
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});
