import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { Message } from '../model/record/message.ts';
import { parseFormat } from './field-layout.ts';
import { MessageDecoder } from './decode-messages.ts';

const LINE = '2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 80 6 3 180 1717200000 1717200059 ACCEPT OK';
const NODATA = '2 123456789012 eni-1 - - - - - - - 1717200000 1717200059 - NODATA';

function message(content: string | Uint8Array, name = 'm', time: number | null = null): Message {
  return { name, time, bytes: typeof content === 'string' ? Buffer.from(content) : content };
}

const flowsOf = (parts: readonly DecodedPart[]): number =>
  parts.reduce((sum, { flows }) => sum + flows.rows, 0);
const quarantinedOf = (parts: readonly DecodedPart[]): DecodedPart['quarantined'] =>
  parts.flatMap(({ quarantined }) => quarantined);
const subscription = (...lines: readonly string[]): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logGroup: 'flows',
    logEvents: lines.map((line, i) => ({ id: String(i), timestamp: 1, message: line })),
  });

describe('messages', () => {
  test('may be lines, JSON or envelopes, each with or without gzip', () => {
    const decoder = new MessageDecoder(undefined);
    const contents = [
      LINE,
      `${LINE}\n${NODATA}\n`,
      JSON.stringify({ message: LINE }),
      subscription(LINE, LINE, NODATA),
      gzipSync(subscription(LINE)),
      gzipSync(LINE),
      gzipSync(gzipSync(LINE)),
      JSON.stringify({
        srcaddr: '10.0.0.1',
        dstaddr: '10.0.0.2',
        srcport: 1,
        dstport: 2,
        protocol: 6,
        start: 1717200000,
        end: 1717200001,
        packets: 1,
        bytes: 40,
        action: 'ACCEPT',
      }),
      `${JSON.stringify({ message: LINE })}\n${JSON.stringify({ message: LINE })}`,
      JSON.stringify({
        messageType: 'CONTROL_MESSAGE',
        logEvents: [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE' }],
      }),
    ];
    const parts = decoder.decode(contents.map((content) => message(content)));
    expect(quarantinedOf(parts)).toEqual([]);
    expect(flowsOf(parts)).toBe(11);
    expect(parts.reduce((sum, { nodata }) => sum + nodata, 0)).toBe(2);
  });

  test('a header counts for its own message only', () => {
    const decoder = new MessageDecoder(undefined);
    const parts = decoder.decode([
      message('srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 5', 'with header'),
      message(LINE, 'default'),
      message('10.0.0.1 10.0.0.2 5', 'three fields'),
    ]);
    expect(flowsOf(parts)).toBe(2);
    expect(quarantinedOf(parts)).toMatchObject([{ item: 'three fields', line: 1 }]);
  });

  test('invalid ones are quarantined by name, and no others', () => {
    const decoder = new MessageDecoder(undefined);
    const parts = decoder.decode([
      message('what is this', 'words'),
      message(LINE, 'good'),
      message(subscription(LINE, 'broken', LINE), 'envelope'),
      message('{"a":', 'cut'),
      message('{"user":"x"}', 'other'),
      message(gzipSync(LINE).subarray(0, 20), 'cut gzip'),
      message('', 'empty'),
    ]);
    expect(flowsOf(parts)).toBe(3);
    expect(quarantinedOf(parts).map(({ item, line, text }) => [item, line, text.slice(0, 12)])).toEqual([
      ['words', 1, 'what is this'],
      ['envelope', 2, 'broken'],
      ['cut', 1, '{"a":'],
      ['other', 1, '{"user":"x"}'],
      ['cut gzip', 1, expect.any(String)],
    ]);
  });

  test('a format names the fields, and the time of the message replaces a missing start', () => {
    const decoder = new MessageDecoder(parseFormat('${srcaddr} ${dstaddr} ${bytes}'));
    const [part] = decoder.decode([message('10.0.0.1 10.0.0.2 5', 'm', 1_717_200_000_900)]);
    const start = part?.flows.columns.find(({ field }) => field === 'start');
    expect(start).toMatchObject({ kind: 'time' });
    expect([...(start as unknown as { values: Iterable<number> }).values].slice(0, 1)).toEqual([
      1_717_200_000,
    ]);
  });

  test('decodes more messages than fit into a part', () => {
    const decoder = new MessageDecoder(undefined);
    const many = Array.from({ length: 20_000 }, (_, i) =>
      message(i % 1000 === 999 ? 'broken' : LINE, `m${i}`),
    );
    for (let round = 0; round < 2; round++) {
      const parts = decoder.decode(many);
      expect(parts.length).toBeGreaterThan(1);
      expect(flowsOf(parts)).toBe(19_980);
      expect(quarantinedOf(parts).map(({ item }) => item)).toEqual(
        Array.from({ length: 20 }, (_, i) => `m${i * 1000 + 999}`),
      );
    }
    expect(decoder.decode([])).toEqual([]);
  });
});
