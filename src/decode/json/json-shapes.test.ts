import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { parseFormat } from '../field-layout.ts';

const START = 1_700_000_000;
const json = (value: unknown): string => JSON.stringify(value);
const line = (i: number): string =>
  `2 123456789010 eni-1 192.0.2.${i} 198.51.100.7 ${20_000 + i} 443 6 1 ${100 + i} ${START} ${START + 60} ACCEPT OK`;

describe('the time of a record without a start', () => {
  test.each([
    [
      'an event of CloudWatch',
      { logEvents: [{ id: '1', timestamp: START * 1000 + 999, message: '192.0.2.1 22' }] },
    ],
    ['filter-log-events', { events: [{ timestamp: START * 1000, message: '192.0.2.1 22', eventId: '1' }] }],
    ['Splunk', { _time: START, _raw: '192.0.2.1 22' }],
    ['fields as keys', { '@timestamp': '2023-11-14 22:13:20.500', srcAddr: '192.0.2.1', dstPort: 22 }],
    [
      'a message that is an object',
      { timestamp: START * 1000, message: { srcaddr: '192.0.2.1', dstport: 22 } },
    ],
    [
      'a message that is JSON',
      { timestamp: START * 1000, message: json({ srcaddr: '192.0.2.1', dstport: 22 }) },
    ],
    [
      'get-query-results',
      {
        results: [
          [
            { field: '@timestamp', value: '2023-11-14 22:13:20.000' },
            { field: 'srcAddr', value: '192.0.2.1' },
            { field: 'dstPort', value: '22' },
            { field: '@ptr', value: 'x' },
          ],
        ],
      },
    ],
    ['the export of Logs Insights', [{ '@timestamp': '2023-11-14T22:13:20Z', '@message': '192.0.2.1 22' }]],
  ])('%s', async (_, value) => {
    const { flows, quarantined } = await decodeAll(json(value), { format: parseFormat('srcaddr dstport') });
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', dstport: 22, start: START }]);
  });

  test('a timestamp next to a start is an ordinary field', async () => {
    const { flows } = await decodeAll(json({ srcaddr: '192.0.2.1', start: START, timestamp: 'later' }));
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', start: START, extra: '{"timestamp":"later"}' }]);
  });

  test('the time of one event is not used for the next', async () => {
    const events = [{ timestamp: START * 1000, message: '192.0.2.1 22' }, { message: '192.0.2.1 23' }];
    const { flows } = await decodeAll(json({ events }), { format: parseFormat('srcaddr dstport') });
    expect(flows.map((flow) => flow['start'])).toEqual([START, undefined]);
  });
});

describe('nesting', () => {
  const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  test.each([
    ['a message', json({ message: deep(100_000) })],
    ['a value of a field', `{"srcaddr":"192.0.2.1","other":${deep(100_000)}}`],
    ['an object', deep(100_000)],
    ['arrays', `{"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['data', json({ data: Buffer.from(deep(100_000)).toString('base64') })],
  ])('%s of 100,000 levels is quarantined alone', async (_, value) => {
    for (const input of [
      `[${json({ message: line(1) })},${value}]`,
      `${json({ message: line(1) })}\n${value}\n`,
    ]) {
      const { flows, quarantined } = await decodeAll(input);
      expect(flows).toHaveLength(1);
      expect(quarantined).toHaveLength(1);
      expect(quarantined[0]!.reason).toMatch(/no flow-log record|too deep/);
      expect(quarantined[0]!.text.length).toBeLessThanOrEqual(4096);
    }
  });

  test('reads a long text next to a long number', async () => {
    const more = `"other":"${String.raw`\n`.repeat(3_000_000)}"`;
    const { flows } = await decodeAll(`{"srcaddr":"192.0.2.1","bytes":9007199254740993,${more}}`);
    expect(flows[0]).toMatchObject({ bytes: 9_007_199_254_740_993n });
  });
});

test('a text with a NUL is invalid', async () => {
  const { flows, quarantined } = await decodeAll(
    `${json({ message: line(1) })}\n${json({ message: line(2).replace('eni', 'e\0ni') })}\n${json({ srcaddr: '192.0.2.1', 'interface-id': '\0' })}\n`,
  );
  expect(flows).toHaveLength(1);
  expect(quarantined.map((row) => row.reason)).toEqual([
    expect.stringMatching(/NUL/),
    'interface-id: there are NUL bytes in it',
  ]);
});
