import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tarOf, zipOf } from '../../src/decode/fixtures/archives.ts';
import { logFile, logLine } from '../support/log-lines.ts';
import { jsonHere } from '../support/run-here.ts';
import { useIngestHere } from './ingest-here.ts';

const { path, put, newStore, ingest } = useIngestHere();
let failed = 0;

const sql = async (store: string, statement: string): Promise<readonly Record<string, unknown>[]> =>
  jsonHere(['sql', '--store', store, '--format', 'json', statement]);

describe('archives', () => {
  // Larger than what is read at once, so that it goes another way.
  const LARGE_ROWS = 80_000;
  const large = logFile(LARGE_ROWS, 1_529_460_000);
  expect(large.length).toBeGreaterThan(8 * 1024 * 1024);
  const files = [
    { name: 'AWSLogs/a.log', content: logFile(10) },
    { name: 'AWSLogs/b.log.gz', content: gzipSync(logFile(20, 1_529_456_400)) },
    { name: 'large.log', content: large },
    { name: 'bad.log', content: logLine({ dstport: 70_000 }) },
    { name: 'README.md', content: 'These are logs.\n' },
    { name: 'more.zip', content: zipOf([{ name: 'c.log', content: logFile(30, 1_529_463_600) }]) },
  ];

  test('are read like folders, and each file is ingested once, whatever archive contains it', async () => {
    const store = newStore();
    const zip = await put('logs.zip', zipOf(files));
    const first = await ingest(store, zip);
    expect(first.report).toMatchObject({
      inputs: 5,
      skipped_inputs: 0,
      failed_inputs: 0,
      records: LARGE_ROWS + 61,
      flows: LARGE_ROWS + 60,
      quarantined: 1,
      ignored: [`${zip}/README.md`],
    });
    expect(await sql(store, 'SELECT input, line FROM quarantine')).toEqual([
      { input: `${zip}/bad.log`, line: 1 },
    ]);

    const again = await ingest(store, zip);
    expect(again.report).toMatchObject({ inputs: 5, skipped_inputs: 5, records: 0 });
    expect(again.stderr).toContain('✓ Nothing new');
    for (const [name, bytes] of [
      ['logs.tar', tarOf(files)],
      ['logs.tar.gz', gzipSync(tarOf(files))],
      ['logs.zip.gz', gzipSync(zipOf(files))],
    ] as const) {
      expect((await ingest(store, await put(name, bytes))).report).toMatchObject({
        inputs: 5,
        skipped_inputs: 5,
        records: 0,
      });
    }
    const loose = await ingest(
      store,
      await put('loose/large.log', large),
      await put('loose/a.log', logFile(10)),
    );
    expect(loose.report).toMatchObject({ inputs: 2, skipped_inputs: 2, records: 0 });
    expect(await sql(store, 'SELECT count(*) AS n FROM flows')).toEqual([{ n: LARGE_ROWS + 60 }]);
  });

  test('fail file by file, and are skipped where they hold no logs', async () => {
    const logs = path('mixed');
    await put(
      'mixed/good.zip',
      zipOf([
        { name: 'a.log', content: logFile(5) },
        { name: 'x.log', content: 'y', encrypted: true },
      ]),
    );
    await put(
      'mixed/cut.tar.gz',
      gzipSync(tarOf([{ name: 'b.log', content: logFile(6, 1_529_470_000) }])).subarray(0, -20),
    );
    await put('mixed/none.zip', zipOf([{ name: 'readme.txt', content: 'Nothing of interest.\n' }]));
    await put('mixed/book.xlsx', zipOf([{ name: '[Content_Types].xml', content: '<x/>' }]));
    await put('mixed/empty.zip', zipOf([]));
    const { report, code } = await ingest(newStore(), logs);
    expect(code).toBe(1);
    expect(report.failures.map(({ input }) => input.slice(logs.length + 1))).toEqual(
      expect.arrayContaining(['good.zip/x.log', expect.stringMatching(/^cut\.tar\.gz/) as unknown]),
    );
    expect(report.ignored.map((input) => input.slice(logs.length + 1)).toSorted()).toEqual([
      'book.xlsx',
      'empty.zip',
      'none.zip/readme.txt',
    ]);
    expect(report.flows).toBeGreaterThanOrEqual(5);
  });
});

describe('failed files are marked as such', () => {
  test.each([
    [
      'lines that fit no layout',
      'eni-1 10.0.0.1 10.0.0.2 443\neni-1 10.0.0.1 10.0.0.3 443\n',
      /✗ Nothing ingested: none of 2 lines could be read\n[^]*Why: 4 fields where the layout has 14[^]*line 1: eni-1 10\.0\.0\.1 10\.0\.0\.2 443\n.*--format/,
    ],
    [
      'a table without a header: --format is no advice',
      'eni-1,10.0.0.1,10.0.0.2,443\neni-1,10.0.0.1,10.0.0.3,443\n',
      /✗ Nothing ingested[^]*first row[^]*names their columns/,
    ],
    [
      'milliseconds',
      `srcaddr,dstaddr,start\n10.0.0.1,10.0.0.2,1529452800000\n`,
      /✗ [^]*Why: start: 1529452800000 is not a Unix time[^]*milliseconds: convert them/,
    ],
    [
      'bzip2',
      'BZh91AY&SY\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10',
      /bzip2 data\. It can't be unpacked here: unpack it first[^]*✗ Nothing ingested/,
    ],
    [
      'a README that is named',
      '# Logs\n\nAsk us.\n',
      /This is text of another kind, no flow log[^]*✗ Nothing ingested/,
    ],
  ])('%s', async (_, content, expected) => {
    const { code, stderr } = await ingest(newStore(), await put(`failed-${++failed}.log`, content));
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    if (content.includes('eni-1,')) expect(stderr).not.toContain('--format');
  });

  test('the most frequent reason is printed, with one example line', async () => {
    const lines = [
      ...Array.from({ length: 3 }, (_, i) => logLine({ dstport: 70_000 + i })),
      `${logLine()} more`,
      logLine(),
    ];
    const { report, stderr } = await ingest(newStore(), await put('reasons.log', lines.join('\n')));
    expect(report.reasons).toMatchObject([
      {
        reason: 'dstport: 70000 is more than 65535',
        records: 3,
        line: 1,
        text: logLine({ dstport: 70_000 }),
      },
      { records: 1, line: 4 },
    ]);
    expect(stderr).toMatch(/✓ 1 input: 1 flow in/);
    expect(stderr).toMatch(/Why, for 3 of them: dstport: 70000 is more than 65535/);
  });

  test('a folder without flow logs', async () => {
    await put('others/README.md', '# Logs\n\nAsk us.\n');
    await put(
      'others/lb.log',
      'http 2018-07-02T22:23:00.186641Z app/lb/50dc 192.0.2.1:2817 10.0.0.1:80 0 0 0 200 200 34 366 "GET / HTTP/1.1"\n',
    );
    const { code, stderr, report } = await ingest(newStore(), path('others'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/✗ Nothing ingested: there are no flow logs here/);
    expect(report).toMatchObject({ inputs: 0, quarantined: 0 });
    expect(report.other_files.map(({ kind }) => kind).toSorted()).toEqual([
      'an Application Load Balancer log',
      'text of another kind',
    ]);
  });

  test('an empty file is no failure', async () => {
    const { code, stderr } = await ingest(newStore(), await put('empty.log', ''));
    expect(code).toBe(0);
    expect(stderr).toMatch(/! Nothing ingested: 1 input without records/);
  });
});

test('a value of nothing but brackets takes no more memory than may be, and spoils no other', async () => {
  const heavy = `{"x":[${'{},'.repeat(2_500_000)}1],"srcaddr":"10.0.0.1"}`;
  const input = await put('heavy.json', `{"srcaddr":"10.0.0.2"}\n${heavy}\n{"srcaddr":"10.0.0.3"}\n`);
  const { report } = await ingest(newStore(), input);
  expect(report).toMatchObject({ flows: 2, quarantined: 1 });
  expect(report.reasons[0]?.reason).toMatch(/too large to be read/);
});
