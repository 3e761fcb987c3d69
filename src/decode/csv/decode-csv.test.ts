import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { csvFields } from './csv-row.ts';
import { RowFeed } from './row-feed.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const line = (port: number): string =>
  `2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 ${port} 6 20 4249 1418530010 1418530070 ACCEPT OK`;

describe('kinds of CSV', () => {
  test.each([
    ["CloudWatch's console", `timestamp,message\n1418530010000,"${line(1)}"\n1418530010000,${line(2)}\n`],
    [
      'Logs Insights with @message',
      `@timestamp,@message,@logStream\n2014-12-14 04:06:50.000,${line(1)},eni-1-all\n2014-12-14 04:06:50.000,${line(2)},eni-1-all`,
    ],
    ['@message alone', `@message\n"${line(1)}"\n${line(2)}\n`],
    [
      'quoted names, CRLF, blank rows',
      `"@timestamp","@message"\r\n"x","${line(1)}"\r\n\r\n,\r\n"x","${line(2)}"\r\n`,
    ],
    [
      'a message over lines, with a header in it',
      `timestamp,message\n1,"${HEADER}\n${line(1)}\n"\n2,"${line(2)}\r\n"\n`,
    ],
    ['the header again', `timestamp,message\n1,${line(1)}\ntimestamp,message\n1,${line(2)}\n`],
    [
      'fields of Logs Insights',
      '@timestamp,srcAddr,dstPort,logStatus\n2014-12-14 04:06:50.000,172.31.16.139,1,OK\n2014-12-14,172.31.16.139,2,OK\n',
    ],
    ['fields by their AWS names', 'srcaddr,dstport,log-status\n172.31.16.139,1,OK\n"172.31.16.139","2",OK\n'],
  ])('%s', async (_, input) => {
    for (const chunk of [1, 13, 65_536]) {
      const { flows, quarantined } = await decodeAll(input, { chunk });
      expect(quarantined).toEqual([]);
      expect(flows.map((row) => [row['srcaddr'], row['dstport'], row['log_status']])).toEqual([
        ['172.31.16.139', 1, 'OK'],
        ['172.31.16.139', 2, 'OK'],
      ]);
    }
    expect((await decodeAll(gzipSync(input))).flows).toHaveLength(2);
  });

  test('reads all fields that Logs Insights finds, and one that it does not know', async () => {
    const { flows } = await decodeAll(
      '@timestamp,@logStream,accountId,interfaceId,srcAddr,dstAddr,srcPort,dstPort,protocol,packets,bytes,startTime,endTime,action,logStatus,version,other\n' +
        'now,eni,123456789010,eni-1,10.0.0.1,2001:DB8::1,1,2,6,3,4,1418530010,1418530070,REJECT,OK,2,x\n',
    );
    expect(flows).toEqual([
      {
        account_id: '123456789010',
        interface_id: 'eni-1',
        srcaddr: '10.0.0.1',
        dstaddr: '2001:db8::1',
        srcport: 1,
        dstport: 2,
        protocol: 6,
        packets: 3n,
        bytes: 4n,
        start: 1418530010,
        end: 1418530070,
        action: 'REJECT',
        log_status: 'OK',
        version: 2,
        extra: '{"other":"x"}',
      },
    ]);
  });

  test.each(['srcAddr,count(*)\n10.0.0.1,5\n', 'srcAddr,dstAddr,sum(bytes)\n10.0.0.1,10.0.0.2,5\n'])(
    'a table of sums is not a flow log, and that is said',
    async (input) => {
      await expect(decodeAll(input)).rejects.toMatchObject({
        message: expect.stringMatching(/table of sums \((?:count|sum)\(/) as unknown,
        details: { notFlowLogs: true },
      });
    },
  );
});

test('invalid rows are quarantined with their number', async () => {
  const { flows, quarantined } = await decodeAll(
    'srcaddr,dstport\n10.0.0.1,1\n10.0.0.1\n10.0.0.1,x\n"10.0.0.1"x,1\n"10.0.0.1,2\n10.0.0.1,3\n',
  );
  expect(quarantined.slice(0, 4)).toEqual([
    { line: 3, reason: '1 column where the header has 2', text: '10.0.0.1' },
    { line: 4, reason: 'dstport: x is not a whole number', text: '10.0.0.1,x' },
    { line: 5, reason: 'something follows a closing quote', text: '"10.0.0.1"x,1' },
    { line: 6, reason: 'a quote is never closed', text: '"10.0.0.1,2' },
  ]);
  expect(flows.map((row) => row['dstport'])).toEqual([1, 3]);
});

test('a row of more than 1 MiB is quarantined', async () => {
  const long = 'x'.repeat(3_000_000);
  for (const row of [long, `"${long}`, `"${long}"`]) {
    const { flows, quarantined } = await decodeAll(`srcaddr,dstport\n10.0.0.1,1\n${row},2\n10.0.0.1,3\n`);
    expect(quarantined).toHaveLength(1);
    expect(quarantined[0]).toMatchObject({ line: 3, text: row.slice(0, 4096) });
    expect(flows.map((flow) => flow['dstport'])).toEqual([1, 3]);
  }
});

test('reads rows and fields as they were written, wherever chunks end', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ' '), maxLength: 6 });
  const quoted = (text: string, always: boolean): string =>
    always || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      (rows, always, final, size) => {
        const text =
          rows.map((row) => row.map((value) => quoted(value, always)).join(',')).join('\n') +
          (final ? '\n' : '');
        const found: unknown[] = [];
        const feed = new RowFeed({
          row: (bytes) => void found.push(csvFields(Buffer.from(bytes).toString())),
          unclosed: () => expect.unreachable(),
          overlong: () => expect.unreachable(),
        });
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) feed.push(bytes.subarray(at, at + size));
        feed.end();
        const written =
          final || rows.length === 0 || quoted(rows.at(-1)!.join(','), always) !== ''
            ? rows
            : rows.slice(0, -1);
        const expected = !final && text.endsWith('\n') ? rows.slice(0, -1) : written;
        expect(found).toEqual(text === '' ? [] : text === '\n' && rows.length === 0 ? [['']] : expected);
      },
    ),
  );
});
