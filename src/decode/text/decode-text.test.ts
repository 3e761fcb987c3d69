import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { parseFormat } from '../field-layout.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const LINE =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';
const ROW = {
  version: 2,
  account_id: '123456789010',
  interface_id: 'eni-1235b8ca123456789',
  srcaddr: '172.31.16.139',
  dstaddr: '172.31.16.21',
  srcport: 20641,
  dstport: 22,
  protocol: 6,
  packets: 20n,
  bytes: 4249n,
  start: 1418530010,
  end: 1418530070,
  action: 'ACCEPT',
  log_status: 'OK',
};
const GATEWAY_LINE =
  '6 TransitGateway 123456789012 tgw-1 tgw-attach-1 210987654321 - vpc-1 - subnet-1 - eni-1 - use1-az1 - tgw-attach-2 10.0.0.1 10.0.1.1 12345 443 6 10 1000 1700000000 1700000060 OK IPv4 1 2 3 4 2 us-east-1 ingress - -';

describe('forms of files', () => {
  test.each([
    ['with a header', `${HEADER}\n${LINE}\n`],
    ['without a header', `${LINE}\n`],
    ['without a final line feed', `${HEADER}\n${LINE}`],
    ['with CRLF', `${HEADER}\r\n${LINE}\r\n`],
    ['with CRLF and nothing after the last CR', `${HEADER}\r\n${LINE}\r`],
    ['with trailing blanks', `${HEADER}  \n${LINE} \t \n`],
    ['with blanks before and between', `  ${HEADER}\n ${LINE.replaceAll(' ', '  ')}\n`],
    ['with tabs', `${HEADER.replaceAll(' ', '\t')}\n${LINE.replaceAll(' ', '\t')}\n`],
    ['with blank lines', `\n${HEADER}\n\n   \n\r\n${LINE}\n\n`],
    ['with a byte order mark', `\uFEFF${HEADER}\n${LINE}\n`],
    ['with a timestamp before each line', `2018-06-20T00:00:00.000Z ${LINE}\n`],
    [
      'with a timestamp before the header too',
      `2018-06-20T00:00:00Z ${HEADER}\n2018-06-20T00:00:00Z ${LINE}\n`,
    ],
    ['with snake_case names', `${HEADER.replaceAll('-', '_')}\n${LINE}\n`],
    [
      'with the fields in another order',
      `${HEADER.split(' ').toReversed().join(' ')}\n${LINE.split(' ').toReversed().join(' ')}\n`,
    ],
  ])('%s', async (_, text) => {
    for (const chunk of [1, 7, 1_000_000]) {
      const { flows, quarantined, parts } = await decodeAll(text, { chunk });
      expect(quarantined).toEqual([]);
      expect(flows).toEqual([ROW]);
      expect(parts).toBe(1);
    }
  });

  test('recognizes the default format of transit gateways by its second field', async () => {
    const { flows } = await decodeAll(`${LINE}\n${GATEWAY_LINE}\n${LINE}\n`);
    expect(flows).toHaveLength(3);
    expect(flows[1]).toEqual({
      version: 6,
      resource_type: 'TransitGateway',
      account_id: '123456789012',
      tgw_id: 'tgw-1',
      tgw_attachment_id: 'tgw-attach-1',
      tgw_src_vpc_account_id: '210987654321',
      tgw_src_vpc_id: 'vpc-1',
      tgw_src_subnet_id: 'subnet-1',
      tgw_src_eni: 'eni-1',
      tgw_src_az_id: 'use1-az1',
      tgw_pair_attachment_id: 'tgw-attach-2',
      srcaddr: '10.0.0.1',
      dstaddr: '10.0.1.1',
      srcport: 12345,
      dstport: 443,
      protocol: 6,
      packets: 10n,
      bytes: 1000n,
      start: 1700000000,
      end: 1700000060,
      log_status: 'OK',
      type: 'IPv4',
      packets_lost_no_route: 1n,
      packets_lost_blackhole: 2n,
      packets_lost_mtu_exceeded: 3n,
      packets_lost_ttl_expired: 4n,
      tcp_flags: 2,
      region: 'us-east-1',
      flow_direction: 'ingress',
    });
    expect(flows[2]).toEqual(ROW);
  });

  test('reads a second header, as in concatenated files', async () => {
    const { flows, parts } = await decodeAll(
      `${HEADER}\n${LINE}\nsrcaddr vpc-id\n10.0.0.1 vpc-1\n${HEADER}\n${LINE}\n`,
    );
    expect(flows).toEqual([ROW, { srcaddr: '10.0.0.1', vpc_id: 'vpc-1' }, ROW]);
    expect(parts).toBe(1);
  });

  test('recognizes a repeated header even if the fields may hold any text', async () => {
    const { flows } = await decodeAll('vpc-id brand-new\nvpc-1 x\nvpc-id brand-new\nVPC y\nregion\nvpc-1\n');
    expect(flows).toEqual([
      { vpc_id: 'vpc-1', extra: '{"brand-new":"x"}' },
      { vpc_id: 'VPC', extra: '{"brand-new":"y"}' },
      { region: 'vpc-1' },
    ]);
  });

  test('--format names the layout, but a header in the file takes precedence', async () => {
    const format = parseFormat('${dstport} ${srcaddr}');
    expect((await decodeAll('443 10.0.0.1\n', { format })).flows).toEqual([
      { dstport: 443, srcaddr: '10.0.0.1' },
    ]);
    expect((await decodeAll('srcaddr dstport\n10.0.0.1 443\n', { format })).flows).toEqual([
      { dstport: 443, srcaddr: '10.0.0.1' },
    ]);
  });

  test('a timestamp as the first field does not make the file a CloudWatch export', async () => {
    const format = parseFormat('instance-tag srcaddr');
    const time = '2018-06-20T00:00:00Z';
    const { flows } = await decodeAll(`${time} 10.0.0.1\n${time} ${time} 10.0.0.1\n`, { format });
    const row = { instance_tag: time, srcaddr: '10.0.0.1' };
    expect(flows).toEqual([row, { ...row, start: 1_529_452_800 }]);
  });

  test.each(['', '\n\n', `${HEADER}\n`, '\uFEFF'])(
    'nothing in it: one part without records (%j)',
    async (text) => {
      expect(await decodeAll(text)).toEqual({
        parts: 1,
        flows: [],
        coverage: [],
        nodata: 0,
        skipdata: 0,
        quarantined: [],
      });
    },
  );
});

describe('values of records', () => {
  test('- means no value', async () => {
    const { flows } = await decodeAll(`${HEADER}\n${HEADER.replaceAll(/\S+/g, '-')}\n`);
    expect(flows).toEqual([{}]);
  });

  test('NODATA and SKIPDATA are coverage', async () => {
    const nodata = '2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA';
    const skipdata = '2 123456789010 eni-2 - - - - - - - 1431280876 1431280934 - SKIPDATA';
    const decoded = await decodeAll(`${LINE}\n${nodata}\n${skipdata}\n${LINE}\n`);
    const common = { version: 2, account_id: '123456789010', start: 1431280876, end: 1431280934 };
    expect(decoded.flows).toEqual([ROW, ROW]);
    expect(decoded.coverage).toEqual([
      { ...common, interface_id: 'eni-1', log_status: 'NODATA' },
      { ...common, interface_id: 'eni-2', log_status: 'SKIPDATA' },
    ]);
    expect([decoded.nodata, decoded.skipdata]).toEqual([1, 1]);
  });

  test('fields that do not matter in a NODATA record may be invalid', async () => {
    const { coverage, quarantined } = await decodeAll(
      'interface-id protocol start log-status\neni-1 8080 1431280876 NODATA\neni-1 6 12 NODATA\n',
    );
    expect(coverage).toEqual([{ interface_id: 'eni-1', start: 1431280876, log_status: 'NODATA' }]);
    expect(quarantined).toHaveLength(1);
  });

  test('fields that are not in the catalog are kept', async () => {
    const { flows } = await decodeAll(
      'brand-new srcaddr newer dstport\nx"y 10.0.0.1 - 1\n- 10.0.0.2 - 2\nß 10.0.0.3 z 3\n',
    );
    expect(flows).toEqual([
      { srcaddr: '10.0.0.1', dstport: 1, extra: '{"brand-new":"x\\"y"}' },
      { srcaddr: '10.0.0.2', dstport: 2 },
      { srcaddr: '10.0.0.3', dstport: 3, extra: '{"brand-new":"ß","newer":"z"}' },
    ]);
  });

  test('counters are exact up to 2^63-1', async () => {
    const values = [
      '0',
      '4294967296',
      '999999999999999',
      '9007199254740993',
      '9223372036854775807',
      '000000000000000000007',
    ];
    const { flows } = await decodeAll(`bytes\n${values.join('\n')}\n`);
    expect(flows.map((row) => row['bytes'])).toEqual(values.map(BigInt));
  });

  test('addresses are canonical', async () => {
    const { flows } = await decodeAll(
      'srcaddr dstaddr\n2001:DB8:0::1 0.0.0.0\n2001:db8::1 255.255.255.255\n',
    );
    expect(flows).toEqual([
      { srcaddr: '2001:db8::1', dstaddr: '0.0.0.0' },
      { srcaddr: '2001:db8::1', dstaddr: '255.255.255.255' },
    ]);
  });

  test('text that is not UTF-8 is decoded with replacements', async () => {
    const { flows } = await decodeAll(
      Buffer.concat([Buffer.from('vpc-id dstport\nab'), Buffer.of(0xff), Buffer.from('c 1\n')]),
    );
    expect(flows).toEqual([{ vpc_id: 'ab\uFFFDc', dstport: 1 }]);
  });
});

describe('invalid records', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a field too few', LINE.replace(' OK', ''), '13 fields where the layout has 14'],
    ['a field too many', `${LINE} x`, '15 fields where the layout has 14'],
    ['one field', 'x', '1 field where the layout has 14'],
    ['a port out of range', LINE.replace(' 22 ', ' 70000 '), 'dstport: 70000 is more than 65535'],
    ['a negative number', LINE.replace(' 22 ', ' -22 '), 'dstport: -22 is not a whole number'],
    ['a decimal', LINE.replace(' 4249 ', ' 4249.0 '), 'bytes: 4249.0 is not a whole number'],
    [
      'a counter out of range',
      LINE.replace(' 4249 ', ' 9223372036854775808 '),
      'bytes: 9223372036854775808 is more than 9223372036854775807',
    ],
    [
      'a bad address',
      LINE.replace('172.31.16.139', '10.0.0.300'),
      'srcaddr: 10.0.0.300 is not an IP address',
    ],
    [
      'an address with leading zeros',
      LINE.replace('172.31.16.139', '172.31.016.139'),
      'srcaddr: 172.31.016.139 is not an IP address',
    ],
    [
      'milliseconds',
      LINE.replace('1418530010', '1418530010000'),
      'start: 1418530010000 is not a Unix time in seconds between 2000 and 2099',
    ],
    ['an end before the start', LINE.replace('1418530070', '1418530009'), 'end is before start'],
    ['an unknown action', LINE.replace('ACCEPT', 'DROP'), 'action: DROP is none of ACCEPT, REJECT'],
    [
      'an unknown log-status',
      LINE.replace(/OK$/, 'MAYBE'),
      'log-status: MAYBE is none of OK, NODATA, SKIPDATA',
    ],
    [
      'a long value, cut',
      LINE.replace('172.31.16.139', 'x'.repeat(100)),
      `srcaddr: ${'x'.repeat(60)}… is not an IP address`,
    ],
  ];
  test.each(cases)('%s', async (_, line, reason) => {
    const { flows, quarantined } = await decodeAll(`${HEADER}\r\n\r\n${LINE}\r\n${line}\r\n${LINE}\r\n`);
    expect(flows).toEqual([ROW, ROW]);
    expect(quarantined).toEqual([{ line: 4, reason, text: line }]);
  });

  test('without a header the reason says how to give a layout', async () => {
    const { quarantined } = await decodeAll('10.0.0.1 10.0.0.2 443\n');
    expect(quarantined[0]!.reason).toBe(
      '3 fields where the layout has 14 (without a header, --format can name another)',
    );
  });

  test('a header that names a field twice is invalid, and so are the lines below it', async () => {
    const { flows, quarantined } = await decodeAll(
      `srcaddr srcaddr\n10.0.0.1 10.0.0.2\n\n${HEADER}\n${LINE}\n`,
    );
    expect(flows).toEqual([ROW]);
    expect(quarantined).toEqual([
      {
        line: 1,
        reason: "the header names srcaddr twice, so the lines after it can't be read",
        text: 'srcaddr srcaddr',
      },
      {
        line: 2,
        reason: "the header in line 1 can't be used: it names srcaddr twice",
        text: '10.0.0.1 10.0.0.2',
      },
    ]);
  });

  test('only the beginning of a long line is kept', async () => {
    const { quarantined } = await decodeAll(`${HEADER}\n${'y'.repeat(5000)}\n`);
    expect(quarantined[0]!.text).toBe('y'.repeat(4096));
    expect(quarantined[0]!.reason).toContain('5000 characters');
  });

  test('a line of more than 1 MiB is invalid, wherever chunks end', async () => {
    const long = LINE.replace('eni-', 'e'.repeat(1_100_000));
    for (const chunk of [65_536, 300_000, 10_000_000]) {
      const { flows, quarantined } = await decodeAll(
        `${HEADER}\r\n${LINE}\r\n${long}\r\n${LINE}\r\n${long}`,
        { chunk },
      );
      expect(flows).toEqual([ROW, ROW]);
      expect(quarantined.map(({ line }) => line)).toEqual([3, 5]);
      for (const { reason, text } of quarantined) {
        expect(reason).toBe(
          `the line is ${long.length} bytes long, more than the 1048576 that a line may have`,
        );
        expect(text).toBe(long.slice(0, 4096));
      }
    }
  });
});

describe('parts', () => {
  test('have a maximum number of records and their own list of texts', async () => {
    const nodata = '2 1 eni-9 - - - - - - - 1431280876 1431280934 - NODATA';
    const lines = Array.from({ length: 100 }, (_, i) =>
      i % 7 === 3 ? nodata : i % 11 === 5 ? 'bad' : LINE.replace('eni-', `eni-${i}-`),
    );
    for (const batchRows of [1, 3, 10, 99, 100, 101]) {
      const decoded = await decodeAll(`${HEADER}\n${lines.join('\n')}`, { batchRows });
      expect(decoded.parts).toBe(Math.ceil(100 / batchRows));
      expect(decoded.flows.map((row) => row['interface_id'])).toEqual(
        lines.filter((line) => line.endsWith('OK')).map((line) => line.split(' ')[2]),
      );
      expect(decoded.nodata).toBe(lines.filter((line) => line.endsWith('NODATA')).length);
      expect(decoded.quarantined.map(({ line }) => line)).toEqual(
        lines.flatMap((line, i) => (line === 'bad' ? [i + 2] : [])),
      );
    }
  });
});
