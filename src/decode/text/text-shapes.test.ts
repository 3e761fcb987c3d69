import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { parseFormat } from '../field-layout.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const START = 1_700_000_000;
const line = (i: number): string =>
  `2 123456789010 eni-1235b8ca123456789 192.0.2.${i} 198.51.100.7 ${20_000 + i} 443 6 1 ${100 + i} ${START + i} ${START + 60} ACCEPT OK`;
const gateway = (i: number, type = 'TransitGateway'): string =>
  `6 ${type} 123456789010 tgw-0aa tgw-attach-0bb 123456789010 123456789010 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 use1-az1 use1-az2 tgw-attach-2 192.0.2.1 198.51.100.7 ${20_000 + i} 443 6 10 ${1000 + i} ${START} ${START + 60} OK IPv4 0 0 0 0 16 us-east-1 ingress - -`;

async function bytesOf(input: string | Uint8Array, format?: string): Promise<readonly unknown[]> {
  const results = [];
  for (const chunk of [1, 17, 1_000_000]) {
    const options = format === undefined ? { chunk } : { chunk, format: parseFormat(format) };
    const { flows, quarantined } = await decodeAll(input, options);
    expect(quarantined).toEqual([]);
    results.push(flows.map((flow) => Number(flow['bytes'])));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  return results[0]!;
}

describe('output of aws logs tail', () => {
  const green = (text: string): string => `\u001b[32m${text}\u001b[0m`;
  test.each([
    ['short', (i: number) => `2023-11-14T22:13:2${i} ${line(i)}`],
    ['detailed', (i: number) => `2023-11-14T22:13:2${i}.000000+00:00 eni-1235b8ca123456789-all ${line(i)}`],
    ['json', (i: number) => `2023-11-14T22:13:2${i}+00:00 eni-1235b8ca123456789-all ${line(i)}`],
    ['in colour', (i: number) => `${green(`2023-11-14T22:13:2${i}`)} ${line(i)}`],
    [
      'detailed and in colour',
      (i: number) =>
        `${green(`2023-11-14T22:13:2${i}.000000+00:00`)} \u001b[36meni-1-all\u001b[0m ${line(i)}`,
    ],
    ['an export to S3', (i: number) => `2023-11-14T22:13:2${i}.000Z ${line(i)}`],
    ['with a blank between date and time', (i: number) => `2023-11-14 22:13:2${i}.000 ${line(i)}`],
  ])('%s', async (_, print) => {
    expect(await bytesOf(`${print(1)}\n${print(2)}\n${print(3)}\n`)).toEqual([101, 102, 103]);
  });

  test('of a transit gateway', async () => {
    const text = [1, 2]
      .map((i) => `2023-11-14T22:13:20.000000+00:00 tgw-attach-0bb ${gateway(i)}\n`)
      .join('');
    expect(await bytesOf(text)).toEqual([1001, 1002]);
  });
});

describe('the time of a record without a start', () => {
  const start = async (text: string, format: string): Promise<unknown> =>
    (await decodeAll(text, { format: parseFormat(format) })).flows.map((flow) => flow['start']);

  test('is the timestamp before it, in UTC unless it has an offset', async () => {
    const text =
      '2023-11-14T22:13:20.999Z 192.0.2.1 22\n2023-11-14T22:13:20 192.0.2.1 22\n2023-11-14T23:13:20+01:00 192.0.2.1 22\n';
    expect(await start(text, 'srcaddr dstport')).toEqual([START, START, START]);
  });

  test('is its end if there is no timestamp or if the end is earlier', async () => {
    expect(await start(`192.0.2.1 ${START}\n192.0.2.1 -\n`, 'srcaddr end')).toEqual([START, undefined]);
    expect(await start(`2023-11-15T00:00:00Z 192.0.2.1 ${START}\n`, 'srcaddr end')).toEqual([START]);
  });

  test('is its start if there is one, whatever comes before it', async () => {
    expect(await start(`2023-11-15T00:00:00Z 192.0.2.1 ${START}\n`, 'srcaddr start')).toEqual([START]);
    expect(await start('2023-11-14T22:13:20Z 192.0.2.1 -\n', 'srcaddr start')).toEqual([START]);
  });
});

describe('records of a VPC and of a transit gateway in one file', () => {
  test.each([
    ['under the header of a VPC', `${HEADER}\n${line(1)}\n${gateway(2)}\n${line(3)}\n`, [101, 1002, 103]],
    ['without a header', `${line(1)}\n${gateway(2)}\n${gateway(3)}\n${line(4)}\n`, [101, 1002, 1003, 104]],
    ['without a resource type', `${gateway(1, '-')}\n${gateway(2, '-')}\n${line(3)}\n`, [1001, 1002, 103]],
    [
      'under the header of a transit gateway',
      `version resource-type account-id tgw-id srcaddr dstaddr srcport dstport bytes start end log-status\n6 TransitGateway 123456789010 tgw-1 192.0.2.1 198.51.100.7 1 443 7 ${START} ${START} OK\n${line(2)}\n`,
      [7, 102],
    ],
  ])('%s', async (_, text, bytes) => {
    expect(await bytesOf(text)).toEqual(bytes);
  });

  test('each record has the fields of its own format', async () => {
    const { flows } = await decodeAll(`${HEADER}\n${line(1)}\n${gateway(2)}\n`);
    expect(flows[0]).toMatchObject({ action: 'ACCEPT', interface_id: 'eni-1235b8ca123456789' });
    expect(flows[0]).not.toHaveProperty('tgw_id');
    expect(flows[1]).toMatchObject({ tgw_id: 'tgw-0aa', packets: 10n, bytes: 1002n });
    expect(flows[1]).not.toHaveProperty('action');
  });
});

describe('records joined without line feeds', () => {
  const three = [1, 2, 3];
  test.each([
    ['as Firehose joins them', three.map(line).join('')],
    ['by tabs', three.map(line).join('\t')],
    [
      'NODATA among them',
      `${line(1)}2 123456789010 eni-1 - - - - - - - ${START} ${START} - NODATA${line(2)}${line(3)}`,
    ],
    ['with line feeds now and then', `${line(1)}${line(2)}\n${line(3)}\n`],
    ['after a line that is one record', `${line(1)}\n${line(2)}${line(3)}`],
  ])('%s', async (_, text) => {
    expect(await bytesOf(text)).toEqual([101, 102, 103]);
  });

  test('of a transit gateway', async () => {
    expect(await bytesOf(three.map((i) => gateway(i)).join(''))).toEqual([1001, 1002, 1003]);
  });

  test('are split if the format is given and its last field has a known end', async () => {
    const formats = [
      [
        '${version} ${account-id} ${srcaddr} ${dstaddr} ${bytes} ${end}',
        `5 123456789010 192.0.2.1 192.0.2.2 7 ${START}`,
      ],
      ['${srcaddr} ${dstaddr} ${dstport} ${bytes} ${flow-direction}', '192.0.2.1 192.0.2.2 22 7 ingress'],
      [
        '${version} ${vpc-id} ${srcaddr} ${bytes} ${subnet-id}',
        '3 vpc-01234567 192.0.2.1 7 subnet-0123456789abcdef0',
      ],
    ] as const;
    for (const [format, record] of formats) {
      expect(await bytesOf(record.repeat(4), format)).toEqual([7, 7, 7, 7]);
    }
  });

  test('a file of a single line is read in bounded memory', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => line(i % 60)).join('');
    const { flows, quarantined } = await decodeAll(text);
    expect(quarantined).toEqual([]);
    expect(flows).toHaveLength(60_000);
    expect(flows[59_999]).toMatchObject({ bytes: 100n + (59_999n % 60n) });
  });

  test('an invalid record does not affect the others, and each has its own number', async () => {
    const { flows, quarantined } = await decodeAll(
      `${line(1)}${line(2).replace(' 443 ', ' 99443 ')}${line(3)}`,
    );
    expect(flows.map((flow) => flow['bytes'])).toEqual([101n, 103n]);
    expect(quarantined).toEqual([
      { line: 2, reason: 'dstport: 99443 is more than 65535', text: line(2).replace(' 443 ', ' 99443 ') },
    ]);
  });

  test('a line with too many fields is one invalid line', async () => {
    const { quarantined } = await decodeAll(`${HEADER}\n${line(1)} 2 123456789010\n`);
    expect(quarantined).toHaveLength(1);
  });
});

describe('NUL bytes', () => {
  const five = [1, 2, 3, 4, 5].map((i) => `${line(i)}\n`);
  test.each([
    ['at the end', `${five.join('')}${'\0'.repeat(512)}`],
    ['after a line without its line feed', `${five.join('').trimEnd()}${'\0'.repeat(3_000_000)}`],
    ['in a last line of their own', `${five.join('')}\0\0\0\n\n`],
  ])('%s cost nothing', async (_, text) => {
    for (const chunk of [100, 65_536]) {
      const { flows, quarantined } = await decodeAll(text, { chunk });
      expect(quarantined).toEqual([]);
      expect(flows).toHaveLength(5);
    }
  });

  test.each([
    ['in the first line', [`\0${five[0]!}`, ...five.slice(1)], 1],
    ['in a field', [...five.slice(0, 2), five[2]!.replace('eni-', 'eni-\0'), ...five.slice(3)], 3],
    ['in the last line', [...five.slice(0, 4), five[4]!.replace(' OK', ' OK\0')], 5],
    [
      'in a hole between lines',
      [...five.slice(0, 2), `${'\0'.repeat(5000)}${five[2]!}`, ...five.slice(3)],
      3,
    ],
  ])('%s put that line in quarantine', async (_, lines, number) => {
    const { flows, quarantined } = await decodeAll(lines.join(''));
    expect(flows).toHaveLength(4);
    expect(quarantined).toEqual([expect.objectContaining({ line: number })]);
    expect(quarantined[0]!.reason).toMatch(/NUL bytes/);
  });

  test('a line of NULs only, with lines after it, counts as a line', async () => {
    const { flows, quarantined } = await decodeAll(`${five[0]!}\0\0\n\n${five[1]!}`);
    expect(flows).toHaveLength(2);
    expect(quarantined).toEqual([expect.objectContaining({ line: 2 })]);
  });

  test('a file of NULs only has no lines', async () => {
    expect(await decodeAll(Buffer.alloc(300_000))).toMatchObject({ flows: [], quarantined: [] });
  });
});

describe('encodings and line ends', () => {
  const text = `${HEADER}\n${line(1)}\n${line(2)}\n`;
  const utf16 = (mark: string): Buffer => Buffer.from(`${mark}${text}`, 'utf16le');
  test.each([
    ['UTF-16, little endian', utf16('\uFEFF')],
    ['UTF-16, big endian', utf16('\uFEFF').swap16()],
    ['UTF-16 without a mark', utf16('')],
    ['UTF-16, big endian, without a mark', utf16('').swap16()],
    ['UTF-16 with CRLF', Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le')],
    ['carriage returns alone', Buffer.from(text.replaceAll('\n', '\r'))],
  ])('%s', async (_, bytes) => {
    expect(await bytesOf(bytes)).toEqual([101, 102]);
  });

  test.each([',', ';', '\t', '|', ', '])(
    'values with %j between them, without a header',
    async (separator) => {
      expect(
        await bytesOf(`${line(1).replaceAll(' ', separator)}\n${line(2).replaceAll(' ', separator)}\n`),
      ).toEqual([101, 102]);
    },
  );

  test('reads missing values between tabs', async () => {
    const row = line(1).replaceAll(' ', '\t').replace('\t20001\t', '\t\t');
    const { flows } = await decodeAll(`${HEADER.replaceAll(' ', '\t')}\n${row}\n`);
    expect(flows).toEqual([expect.not.objectContaining({ srcport: expect.anything() as unknown })]);
  });
});
