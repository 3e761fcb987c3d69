import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';

const START = 1_700_000_000;
const NAMES =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );
const values = (i: number): readonly string[] =>
  `2 123456789010 eni-1235b8ca123456789 192.0.2.${i} 198.51.100.7 ${20_000 + i} 443 6 1 ${100 + i} ${START + i} ${START + 60} REJECT OK`.split(
    ' ',
  );
const table = (separator: string, ...more: readonly string[]): string =>
  [NAMES, values(1), values(2), values(3)].map((row) => [...row, ...more].join(separator)).join('\r\n');
const message = (i: number): string => values(i).join(' ');

describe('forms of tables', () => {
  test.each([
    ['semicolons', table(';')],
    ['semicolons, and a byte order mark', `\uFEFF${table(';')}`],
    ['tabs', table('\t')],
    ['|', table('|')],
    ['a first line that names the separator', `sep=;\r\n${table(';')}`],
    ['such a line, quoted', `"sep=,"\n${table(',')}`],
    ['UTF-16 with tabs, as Excel saves Unicode text', Buffer.from(`\uFEFF${table('\t')}`, 'utf16le')],
    ['UTF-16 with tabs and such a line', Buffer.from(`\uFEFFsep=\t\r\n${table('\t')}`, 'utf16le')],
    ['blank lines before the header', `\n\r\n${table(',')}`],
    ['separators at the end of each row', table(',', '', '')],
    ['separators at the ends of records only', table(',').replaceAll('OK', 'OK,,')],
    ['quotes around everything', table(',').replaceAll(/[^,\r\n]+/g, '"$&"')],
    ['carriage returns alone', table(';').replaceAll('\r\n', '\r')],
    ['NULs at the end', `${table(',')}\r\n${'\0'.repeat(700)}`],
    [
      'lines and bars, as documents draw them',
      table('|')
        .split('\r\n')
        .map((row, i) => (i === 1 ? `${'|---'.repeat(NAMES.length)}|\n| ${row} |` : `| ${row} |`))
        .join('\n'),
    ],
    [
      "CloudWatch's message, after a tab",
      `@timestamp\t@message\n2023-11-14 22:13:20.000\t${message(1)}\nx\t${message(2)}\nx\t${message(3)}\n`,
    ],
    [
      "CloudWatch's message, after a semicolon",
      `timestamp;message\n1;${message(1)}\n2;${message(2)}\n3;"${message(3)}"\n`,
    ],
  ])('%s', async (_, input) => {
    for (const chunk of [1, 50, 1_000_000]) {
      const { flows, quarantined } = await decodeAll(input, { chunk });
      expect(quarantined).toEqual([]);
      expect(flows.map((flow) => [flow['bytes'], flow['action'], flow['start']])).toEqual([
        [101n, 'REJECT', START + 1],
        [102n, 'REJECT', START + 2],
        [103n, 'REJECT', START + 3],
      ]);
    }
  });
});

describe('which columns', () => {
  test('two columns of addresses or ports make a table; other columns are stored', async () => {
    const { flows, quarantined } = await decodeAll(
      '@timestamp,@ingestionTime,delaySecs,delayMins,sentEpoch,ceil(bytes/1024),lag,srcAddr,srcPort,dstAddr,dstPort\n' +
        '2023-11-14 22:13:20.500,2023-11-14 22:20:00.000,41.5,0.7,1700000000,3,x,192.0.2.1,20001,198.51.100.7,443\n',
    );
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([
      {
        srcaddr: '192.0.2.1',
        srcport: 20_001,
        dstaddr: '198.51.100.7',
        dstport: 443,
        start: START,
        extra: expect.any(String) as unknown,
      },
    ]);
    expect(JSON.parse(String(flows[0]!['extra']))).toEqual({
      delaySecs: '41.5',
      delayMins: '0.7',
      sentEpoch: '1700000000',
      'ceil(bytes/1024)': '3',
      lag: 'x',
    });
  });

  test("reads the column names of AWS's Athena tables, old and new, with partitions", async () => {
    const old =
      '"version","account","interfaceid","sourceaddress","destinationaddress","sourceport","destinationport","protocol","numpackets","numbytes","starttime","endtime","action","logstatus","date"\n';
    const row = `"2","123456789010","eni-1","192.0.2.1","198.51.100.7","20001","443","6","1","101","${START}","${START + 60}","ACCEPT","OK","2023/11/14"\n`;
    const { flows } = await decodeAll(old + row);
    expect(flows).toEqual([
      expect.objectContaining({
        account_id: '123456789010',
        srcaddr: '192.0.2.1',
        dstaddr: '198.51.100.7',
        packets: 1n,
        bytes: 101n,
        start: START,
        end: START + 60,
        extra: '{"date":"2023/11/14"}',
      }),
    ]);
  });

  test('the second column of the same name is a column of its own', async () => {
    const { flows } = await decodeAll('srcAddr,dstAddr,srcaddr,x,x\n192.0.2.1,192.0.2.2,192.0.2.3,a,b\n');
    expect(flows[0]).toMatchObject({ srcaddr: '192.0.2.1', dstaddr: '192.0.2.2' });
    expect(JSON.parse(String(flows[0]!['extra']))).toEqual({
      'srcaddr (2)': '192.0.2.3',
      x: 'a',
      'x (2)': 'b',
    });
  });

  test('text with the same words is not a table', async () => {
    const { flows, quarantined } = await decodeAll(`srcaddr\tdstaddr\t\tbytes\n192.0.2.1\t192.0.2.2\t7\n`);
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', dstaddr: '192.0.2.2', bytes: 7n }]);
  });
});

describe('values in the forms of other programs', () => {
  test.each([
    ['2023-11-14 22:13:20.000', START],
    ['2023-11-14T22:13:20Z', START],
    ['2023-11-14 23:13:20+01:00', START],
    ['1700000000.0', START],
    ['NaN', undefined],
  ])('the start %s', async (text, start) => {
    const { flows, quarantined } = await decodeAll(`srcaddr,dstaddr,start\n192.0.2.1,192.0.2.2,${text}\n`);
    expect(quarantined).toEqual([]);
    expect(flows[0]!['start']).toBe(start);
  });

  test('reads missing values, and whole numbers written with .0', async () => {
    const { flows, quarantined } = await decodeAll(
      'srcaddr,dstaddr,srcport,dstport,bytes,action\n192.0.2.1,null,443.0,NaN,None,\n',
    );
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', srcport: 443 }]);
  });

  test('milliseconds in place of seconds are refused', async () => {
    const { quarantined } = await decodeAll('srcaddr,dstaddr,start\n192.0.2.1,192.0.2.2,1700000000000\n');
    expect(quarantined).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/^start: 1700000000000/) as unknown }),
    ]);
  });
});

test('a message without a start gets the time of its row', async () => {
  const { flows } = await decodeAll(`timestamp,message\n1700000000999,eni-1 192.0.2.1\n`, {
    format: { names: ['interface-id', 'srcaddr'] },
  });
  expect(flows).toEqual([{ interface_id: 'eni-1', srcaddr: '192.0.2.1', start: START }]);
});

test('a row with a NUL is quarantined alone', async () => {
  const rows = table(',').split('\r\n');
  const { flows, quarantined } = await decodeAll(
    [...rows, rows[1]!.replace('eni', '\0eni'), rows[2]].join('\n'),
  );
  expect(flows).toHaveLength(4);
  expect(quarantined).toEqual([expect.objectContaining({ line: 5, reason: 'the row has NUL bytes in it' })]);
});
