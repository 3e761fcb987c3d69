import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { parseFormat } from '../field-layout.ts';
import { ValueSplitter } from './value-splitter.ts';

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const line = (port: number): string =>
  `2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 ${port} 6 20 4249 1418530010 1418530070 ACCEPT OK`;
const payload = (...ports: number[]): unknown => ({
  messageType: 'DATA_MESSAGE',
  owner: '123456789010',
  logGroup: 'flows',
  logStream: 'eni-1',
  subscriptionFilters: ['all'],
  logEvents: ports.map((port, i) => ({
    id: `3560123456789012345678901234567890123456789012345675${i}`,
    timestamp: 1418530010000,
    message: line(port),
  })),
});
const control = {
  messageType: 'CONTROL_MESSAGE',
  logEvents: [
    { id: '', timestamp: 1510254469274, message: 'CWL CONTROL MESSAGE: Checking health of destination.' },
  ],
};
const base64 = (value: string | Buffer): string => Buffer.from(value).toString('base64');
const json = JSON.stringify;

async function portsOf(input: string | Uint8Array, chunk = 65_536): Promise<unknown[]> {
  const { flows, quarantined } = await decodeAll(input, { chunk });
  expect(quarantined).toEqual([]);
  return flows.map((row) => row['dstport']);
}

describe('envelopes', () => {
  const events = [{ message: line(1), time: 1 }, { message: line(2) }, { message: line(3) }];
  test.each<[string, string]>([
    ['an array', json(events)],
    ['a pretty array', json(events, null, 2)],
    ['an event a line', events.map((event) => json(event)).join('\n')],
    [
      'an event a line, CRLF and blank lines',
      `\r\n${events.map((event) => json(event)).join('\r\n\r\n')}\r\n`,
    ],
    ['events one after another', events.map((event) => json(event)).join('')],
    ['pretty events one after another', events.map((event) => json(event, null, 2)).join('\n')],
    ['_raw', json(events.map(({ message }) => ({ _raw: message, host: 'x' })))],
    ['a nested event', json(events.map((event) => ({ event })))],
    ['an event that is text', json(events.map(({ message }) => ({ event: message })))],
    ['an array of texts', json(events.map(({ message }) => message))],
    ['a message that is JSON again', json(events.map((event) => ({ message: json(event) })))],
    ['messages that end their line', json(events.map(({ message }) => ({ message: `${message}\r\n` })))],
    ['lines in one message', json({ message: events.map(({ message }) => message).join('\n') })],
    ['a header among them', json([{ message: HEADER }, ...events])],
    [
      'a header in the same message',
      json([{ message: `${HEADER}\n${line(1)}` }, { message: line(2) }, { message: line(3) }]),
    ],
    ['a subscription payload', json(payload(1, 2, 3))],
    ['payloads one after another', json(payload(1)) + json(control) + json(payload(2, 3))],
    ['payloads, one a line', [payload(1, 2), control, payload(3)].map((value) => json(value)).join('\n')],
    ['an array of payloads', json([payload(1, 2), control, payload(3)])],
    ['aws logs filter-log-events', json({ events, searchedLogStreams: [], nextToken: 'x' }, null, 4)],
    [
      'a Firehose body',
      json({
        requestId: 'r',
        timestamp: 1,
        records: events.map(({ message }) => ({ data: base64(message) })),
      }),
    ],
    [
      'a Firehose body of messages',
      json({
        records: [{ data: base64(json(events[0])) }, { data: base64(json(events[1]) + json(events[2])) }],
      }),
    ],
    [
      'a Firehose body of payloads',
      json({
        records: [
          { data: base64(gzipSync(json(payload(1)))) },
          { data: base64(gzipSync(json(control))) },
          { data: base64(gzipSync(json(payload(2)) + json(payload(3)))) },
        ],
      }),
    ],
    [
      'what Lambda gets from CloudWatch',
      json({ awslogs: { data: base64(gzipSync(json(payload(1, 2, 3)))) } }),
    ],
    [
      'what Lambda gets from Kinesis',
      json({ Records: [{ kinesis: { data: base64(gzipSync(json(payload(1, 2, 3)))) } }] }),
    ],
    [
      'aws logs get-query-results',
      json({
        results: events.map(({ message }) => [
          { field: '@timestamp', value: 'x' },
          { field: '@message', value: message },
        ]),
        status: 'Complete',
      }),
    ],
    ['fields as keys', json([1, 2, 3].map((dstport) => ({ srcaddr: '10.0.0.1', dstport })))],
    [
      'fields as keys, other names',
      json([
        { srcAddr: '10.0.0.1', dst_port: 1 },
        { src_addr: '10.0.0.1', dstPort: 2 },
        { 'interface-id': 'e', dstport: '3' },
      ]),
    ],
    ['a byte order mark before it', `\uFEFF${json(events)}`],
  ])('%s', async (_, input) => {
    expect(await portsOf(input)).toEqual([1, 2, 3]);
    expect(await portsOf(input, 1)).toEqual([1, 2, 3]);
    expect(await portsOf(gzipSync(input))).toEqual([1, 2, 3]);
  });

  test('a control message alone, or no event, has no records', async () => {
    for (const input of [json(control), '[]', ' [ ] \n', '{"events": []}'])
      expect(await portsOf(input)).toEqual([]);
  });

  test('reads an array of events that is too large for memory', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => ({
      timestamp: 1,
      id: 'x'.repeat(200),
      message: line(i % 60_000),
    }));
    const input = json({ owner: '[{"', events: many, searched: [{ more: ']}' }] });
    expect(input.length).toBeGreaterThan(16_777_216);
    expect(await portsOf(input)).toHaveLength(60_000);
    expect(await portsOf(input + json(payload(7)))).toHaveLength(60_001);
  }, 60_000);
});

describe('fields as keys', () => {
  test('values are exact, whatever their type, and absent ones are null', async () => {
    const { flows, quarantined } = await decodeAll(
      '[{"srcaddr":"2001:DB8::1","bytes":9007199254740993,"packets":"9223372036854775807","start":1418530010,"action":null,"vpc_id":"","type":"-","account_id":123456789010},' +
        '{"srcaddr":"10.0.0.1","host":"a\\"b","tags":{"x":[1]},"none":null}]',
    );
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([
      {
        srcaddr: '2001:db8::1',
        bytes: 9007199254740993n,
        packets: 9223372036854775807n,
        start: 1418530010,
        account_id: '123456789010',
      },
      { srcaddr: '10.0.0.1', extra: json({ host: 'a"b', tags: '{"x":[1]}' }) },
    ]);
  });

  test('NODATA is coverage', async () => {
    const { coverage, nodata } = await decodeAll(json({ interface_id: 'eni-1', log_status: 'NODATA' }));
    expect(coverage).toEqual([{ interface_id: 'eni-1', log_status: 'NODATA' }]);
    expect(nodata).toBe(1);
  });
});

describe('invalid records', () => {
  test('are quarantined with the number of their event', async () => {
    const { flows, quarantined } = await decodeAll(
      json([
        { message: line(1) },
        { message: 'hello world' },
        { foo: 1 },
        { type: 'x', version: 1 },
        17,
        { srcaddr: 'x' },
        { srcaddr: '10.0.0.1', dstport: 1.5 },
        { srcaddr: '10.0.0.1', src_addr: '10.0.0.2' },
        { data: base64(gzipSync('x').subarray(0, 12)) },
        { message: line(2) },
      ]),
    );
    expect(flows.map((row) => row['dstport'])).toEqual([1, 2]);
    const hint = ' (without a header, --format can name another)';
    expect(quarantined.map(({ line: number, reason, text }) => [number, reason, text])).toEqual([
      [2, `2 fields where the layout has 14${hint}`, 'hello world'],
      [3, 'there is no flow-log record in it', '{"foo":1}'],
      [4, 'there is no flow-log record in it', '{"type":"x","version":1}'],
      [5, 'there is no flow-log record in it', '17'],
      [6, 'srcaddr: x is not an IP address', '{"srcaddr":"x"}'],
      [7, 'dstport: 1.5 is not a whole number', '{"srcaddr":"10.0.0.1","dstport":1.5}'],
      [8, 'the record names srcaddr twice', '{"srcaddr":"10.0.0.1","src_addr":"10.0.0.2"}'],
      [9, 'data: the gzip data is cut short, corrupt or too large', base64(gzipSync('x').subarray(0, 12))],
    ]);
  });

  test('an invalid line does not affect the others', async () => {
    const good = json({ message: line(1) });
    const { flows, quarantined } = await decodeAll(
      `${good}\n${good.slice(0, 50)}\n${good}\n{"message": \n${good}\n${good.slice(0, 9)}`,
    );
    expect(flows).toHaveLength(3);
    expect(quarantined.map(({ line: number, reason }) => [number, reason])).toEqual([
      [2, 'this is not JSON'],
      [4, 'this is not JSON'],
      [6, 'this is not JSON'],
    ]);
  });

  test('an invalid element of an array does not affect the others', async () => {
    const { flows, quarantined } = await decodeAll(
      `[${json({ message: line(1) })}, {"message": oops}, nonsense, ${json({ message: line(2) })}]`,
    );
    expect(flows).toHaveLength(2);
    expect(quarantined.map(({ line: number, text }) => [number, text])).toEqual([
      [2, '{"message": oops}'],
      [3, 'nonsense'],
    ]);
  });

  test('truncated JSON is unreadable', async () => {
    const input = json([{ message: line(1) }, { message: line(2) }], null, 1);
    for (let cut = 2; cut < input.length; cut += 11) {
      await expect(decodeAll(input.slice(0, cut))).rejects.toMatchObject({ code: 'unreadable_input' });
    }
  });

  test('text that only resembles JSON is read as text', async () => {
    for (const input of ['[2018-06-20] hello', '{hello}', '{ srcaddr }']) {
      const { quarantined } = await decodeAll(`${input}\n${line(1)}\n`);
      expect(quarantined[0]).toMatchObject({ line: 1, text: input });
    }
  });
});

test('--format names the layout of messages', async () => {
  const { flows } = await decodeAll(json({ message: '443 10.0.0.1' }), {
    format: parseFormat('dstport srcaddr'),
  });
  expect(flows).toEqual([{ dstport: 443, srcaddr: '10.0.0.1' }]);
});

test('values are split correctly, wherever chunks end', () => {
  const value = fc.jsonValue().filter((candidate) => !Array.isArray(candidate));
  const space = fc.constantFrom('', ' ', '\n  ');
  fc.assert(
    fc.property(
      fc.array(value),
      space,
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      (values, gap, asArray, size) => {
        const texts = values.map((element) => JSON.stringify(element, null, gap.length));
        const text = asArray
          ? `${gap}[${gap}${texts.join(`${gap},${gap}`)}${gap}]${gap}`
          : texts.join(`${gap}\n`);
        const found: unknown[] = [];
        const splitter = new ValueSplitter({
          value: (bytes) => void found.push(JSON.parse(Buffer.from(bytes).toString())),
          oversized: () => expect.unreachable(),
        });
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
        splitter.end();
        expect(splitter.complete).toBe(true);
        expect(found).toEqual(texts.map((element) => JSON.parse(element) as unknown));
      },
    ),
  );
});
