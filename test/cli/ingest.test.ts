import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { peephole, peepholeJson } from '../support/cli.ts';
import { header, logFile, logLine } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
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
    const first = await jsonHere<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      path('one.log'),
      path('one.log'),
      path('copy.log'),
    ]);
    expect(first).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 100 });
    const second = await jsonHere<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      path('copy.log'),
      path('other.log'),
    ]);
    expect(second).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 50 });
    const status = await jsonHere<{ flows: number; inputs: number }>(['status', '--store', store, '--json']);
    expect(status).toMatchObject({ flows: 150, inputs: 2 });
  });

  test('only the truncated gzip file fails, with its name, and the others are ingested', async () => {
    const store = path('truncated');
    const logs = path('truncated-logs');
    await mkdir(logs);
    const whole = gzipSync(logFile(5_000));
    await writeFile(join(logs, 'good.log.gz'), gzipSync(logFile(10, 1_529_470_000)));
    await writeFile(join(logs, 'bad.log.gz'), whole.subarray(0, Math.floor(whole.length * 0.7)));
    const { code, stdout, stderr } = await runHere(['ingest', '--store', store, '--json', logs]);
    expect(code).toBe(1);
    expect(lastJson(stdout)).toMatchObject({ inputs: 2, failed_inputs: 1, flows: 10, records: 10 });
    expect(stderr).toContain('bad.log.gz');
    // Once it is whole it goes in.
    await writeFile(join(logs, 'bad.log.gz'), whole);
    const again = await jsonHere<Report>(['ingest', '--store', store, '--json', logs]);
    expect(again).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 5_000 });
  });

  test('files without flow logs are skipped in a folder with their kind, and fail when given by name', async () => {
    const store = path('beside');
    const logs = path('beside-logs');
    await mkdir(logs);
    await writeFile(join(logs, 'a.log'), logFile(10, 1_529_480_000));
    await writeFile(
      join(logs, 'interfaces.json'),
      JSON.stringify({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] }, null, 2),
    );
    const found = await runHere(['ingest', '--store', store, '--json', logs]);
    expect(found.code).toBe(0);
    expect(lastJson(found.stdout)).toMatchObject({ inputs: 1, flows: 10, quarantined: 0, failed_inputs: 0 });
    expect(found.stderr).toMatch(/Skipped \(not flow logs\): .*interfaces\.json \(EC2's list of interfaces/);
    const named = await runHere(['ingest', '--store', store, '--json', join(logs, 'interfaces.json')]);
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
    const globbed = await jsonHere<Report>(['ingest', '--store', store, '--json', '*.glob.log'], {
      cwd: folder.path,
    });
    expect(globbed).toMatchObject({ inputs: 2, flows: 20 });
    await writeFile(path('custom.log'), '2 eni-9 172.31.16.139 172.31.16.21 x/1\n');
    const format = '${version} ${interface-id} ${srcaddr} ${dstaddr} ${my-field}';
    const custom = await jsonHere<Report>([
      'ingest',
      '--store',
      store,
      '--json',
      '--format',
      format,
      path('custom.log'),
    ]);
    expect(custom).toMatchObject({ flows: 1, quarantined: 0 });
    const rows = await jsonHere([
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
    const missing = await runHere(['ingest', '--store', store, path('nowhere.log')]);
    const noInput = await runHere(['ingest', '--store', store]);
    const badFormat = await runHere(['ingest', '--store', store, '--format', '${nothing', path('one.log')]);
    const badOption = await runHere(['status', '--store', store, '--nonsense']);
    const badCommand = await runHere(['nonsense']);
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
