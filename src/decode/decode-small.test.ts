import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSmall } from './decode-small.ts';
import { decodeAll, gather } from './fixtures/decode-all.ts';
import { parseFormat } from './field-layout.ts';
import { defaultLayout } from '../model/catalog/layouts.ts';

const HEADER = defaultLayout.join(' ');
const OTHER_HEADER = 'account-id srcaddr start end action log-status my-field';

const usual = (port: number): string =>
  `2 123456789012 eni-${port % 3} 10.0.0.${port % 256} 10.0.0.2 40000 ${port} 6 3 180 1717200000 1717200059 ACCEPT OK`;
const line = fc.oneof(
  { weight: 6, arbitrary: fc.nat(65_535).map(usual) },
  fc.constantFrom(
    '2 123456789012 eni-1 2001:db8::1 fd00::2 1 2 6 3 180 1717200000 1717200059 REJECT OK',
    '2 123456789012 eni-1 - - - - - - - 1717200000 1717200059 - NODATA',
    '2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 3 180 1717200059 1717200000 ACCEPT OK',
    '2 123456789012 eni-1 10.0.0.1',
    'words of no kind at all',
    '',
    '\0\0\0',
    HEADER,
    OTHER_HEADER,
    '123456789012 10.0.0.1 1717200000 1717200059 ACCEPT OK x',
    '{"message": "2 123456789012"}',
    `${usual(1)} ${usual(2)}`,
  ),
);
const text = fc
  .tuple(
    fc.constantFrom('', `${HEADER}\n`, `${OTHER_HEADER}\n`, '\ufeff', `${defaultLayout.join(',')}\n`, '\n'),
    fc.array(line, { maxLength: 40 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom('', 'end', '\0\0\0\0', '\n'),
  )
  .map(([head, lines, end, tail]) => Buffer.from(head + lines.join(end) + tail));
const bytes = fc
  .tuple(text, fc.constantFrom('plain', 'gzip', 'twice', 'two', 'cut', 'padded', 'utf-16'))
  .map(([content, how]) => {
    const packed = gzipSync(content);
    switch (how) {
      case 'gzip':
        return packed;
      case 'twice':
        return gzipSync(packed);
      case 'two':
        return Buffer.concat([packed, packed]);
      case 'cut':
        return packed.subarray(0, packed.length - 5);
      case 'padded':
        return Buffer.concat([packed, Buffer.alloc(64)]);
      case 'utf-16':
        return Buffer.from(content.toString(), 'utf16le');
      default:
        return content;
    }
  });

const format = parseFormat(OTHER_HEADER);

describe('a small input that is decoded at once', () => {
  test('gives what decoding it in pieces gives, or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (input, given) => {
        const layout = given ? format : undefined;
        const part = decodeSmall(input, layout);
        if (part === null) return;
        const alone = await decodeAll(input, layout === undefined ? {} : { format: layout });
        expect(
          await gather(
            (async function* () {
              yield part;
            })(),
          ),
        ).toEqual(alone);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['with a header', `${HEADER}\n${usual(1)}\n${usual(2)}\n`, 2],
    ['with a header that came before', `${HEADER}\n${usual(3)}\n`, 1],
    ['without a header', `${usual(1)}\n${usual(2)}\n`, 2],
    ['of a header alone', `${HEADER}\n`, 0],
    ['of another layout', `${OTHER_HEADER}\n123456789012 10.0.0.1 1717200000 1717200059 ACCEPT OK x\n`, 1],
  ])('is any usual log, %s', (_, log, flows) => {
    for (const input of [Buffer.from(log), gzipSync(log)])
      expect(decodeSmall(input, undefined)?.flows.rows).toBe(flows);
  });

  test.each([
    ['nothing', ''],
    ['text of another kind', 'some words\nand others\n'],
    ['a table', `${defaultLayout.join(',')}\n${usual(1).replaceAll(' ', ',')}\n`],
    ['JSON', `{"message": "${usual(1)}"}\n`],
    ['compressed data that is cut off', gzipSync(usual(1)).subarray(0, 40)],
    ['more than a part holds', `${HEADER}\n${`${usual(1)}\n`.repeat(130_000)}`],
    ['what becomes large', gzipSync(`${usual(1)}\n`.repeat(200_000))],
  ])('is not %s', (_, input) => {
    expect(decodeSmall(Buffer.from(input), undefined)).toBeNull();
  });
});
