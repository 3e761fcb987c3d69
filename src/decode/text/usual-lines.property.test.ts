import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/suite.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { gather, type Decoded } from '../fixtures/decode-all.ts';
import { FlowEvidence } from '../kinds/flow-evidence.ts';
import { PartBuilder } from '../part/part-builder.ts';
import { LineFeed, MAX_LINE_BYTES } from './line-feed.ts';
import { LineReader } from './line-reader.ts';
import { usualLines, type UsualLines } from './usual-lines.ts';

/** Reads lines in chunks of these sizes, by turns. */
async function read(
  text: Uint8Array,
  cuts: readonly number[],
  batchRows: number,
  usual: UsualLines | null,
): Promise<Decoded> {
  const builder = new PartBuilder(batchRows);
  builder.reset();
  const reader = new LineReader(builder, undefined, new FlowEvidence(), usual);
  const feed = new LineFeed(reader, MAX_LINE_BYTES);
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = cuts[turn % cuts.length]!;
    feed.push(text.subarray(at, at + size));
    at += size;
  }
  feed.end();
  const parts = [...builder.drain(), builder.finish()];
  return gather(
    (async function* () {
      yield* parts;
    })(),
  );
}

/** Numbers of any length up to this, zeros before them too. */
const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 1, max: maxLength }))
    .map(([number, length]) => String(number).padStart(maxLength, '0').slice(-length));
const octets = fc.array(fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '01', '', '0256')), {
  minLength: 3,
  maxLength: 5,
});
/** Words of lengths around 16 and 32, which differ early or late. */
const word = fc
  .tuple(
    fc.constantFrom('a', 'b', 'é'),
    fc.constantFrom(0, 1, 13, 14, 15, 16, 17, 30, 31, 32, 33, 60),
    fc.constantFrom('', 'x', 'y'),
  )
  .map(([first, length, last]) => `${first}${'m'.repeat(length)}${last}`);
const odd = fc.oneof(
  fc.constantFrom(
    '-',
    '--',
    '-1',
    '+1',
    '1.0',
    '0',
    '00',
    '256',
    '65536',
    '4294967296',
    'NODATA',
    'OK',
    'ACCEPT',
    '::1',
    '1::',
    '::ffff:1.2.3.4',
    '946684799',
    '4102444800',
    '2018-06-20T00:00:00Z',
    'srcaddr',
  ),
  digits(20),
  octets.map((all) => all.join('.')),
  word,
);

function valueOf(field: Field | undefined): fc.Arbitrary<string> {
  switch (field?.type) {
    case undefined:
      return word;
    case 'integer':
      return fc.nat({ max: field.max! }).map(String);
    case 'counter':
      return fc.oneof({ weight: 12, arbitrary: digits(12) }, { weight: 1, arbitrary: digits(20) });
    case 'time':
      // Few records end before they begin.
      return (field.aws === 'start' ? fc.nat(30) : fc.integer({ min: 29, max: 60 })).map((after) =>
        String(1_529_452_800 + after),
      );
    case 'address':
      return fc.oneof({ weight: 3, arbitrary: fc.ipV4() }, { weight: 1, arbitrary: fc.ipV6() });
    case 'text':
      return field.values === null ? word : fc.constantFrom(...field.values);
  }
}

function lineOf(names: readonly string[]): fc.Arbitrary<string> {
  const values = names.map((name) =>
    fc.oneof(
      { weight: 300, arbitrary: valueOf(fields.find(({ aws }) => aws === name)) },
      { weight: 20, arbitrary: fc.constant('-') },
      { weight: 1, arbitrary: odd },
    ),
  );
  const often = { weight: 90, arbitrary: fc.constant(' ') };
  const gap = fc.oneof(often, fc.constantFrom('\t', '  ', ' \t', '\u0001', '\u00a0'));
  const stamp = fc.oneof(
    { weight: 90, arbitrary: fc.constant('') },
    fc.constantFrom(
      '2018-06-20T00:00:00.000Z ',
      '2018-06-20 00:00:00+01:00\t',
      '2018-06-20T00:00:00 ',
      '2018-06-20T00:00: ',
      ' ',
    ),
  );
  const end = fc.oneof(
    { weight: 90, arbitrary: fc.constant('\n') },
    fc.constantFrom('\r\n', ' \n', ' \t\r\n', '\r\r\n', '\r \n', ' 1\n', '\n\n', '\u0000\n'),
  );
  return fc
    .tuple(stamp, fc.tuple(...values), gap, end)
    .map(([before, words, between, after]) => `${before}${words.join(between)}${after}`);
}

const layouts = fc
  .tuple(fc.subarray([...fields], { minLength: 1, maxLength: 30 }), fc.subarray(['brand-new', 'newer']))
  .chain(([known, unknown]) => {
    const names = [...known.map(({ aws }) => aws), ...unknown.slice(0, known.length)];
    return fc.shuffledSubarray(names, { minLength: names.length });
  });
const section = layouts.chain((names) =>
  fc
    .tuple(
      fc.array(lineOf(names), { minLength: 1, maxLength: 40, size: 'max' }),
      fc.constantFrom(1, 1, 1, 1, 3, 60),
    )
    // Enough of them for more rows than are staged, and for more bytes than are looked at at once.
    .map(([lines, times]) =>
      [`${names.join(' ')}\n`, ...Array.from({ length: times }, () => lines).flat()].join(''),
    ),
);
const text = fc
  .tuple(
    fc.array(section, { minLength: 1, maxLength: 3 }).map((all) => Buffer.from(all.join(''))),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
  )
  .map(([bytes, flips]) => {
    for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
    return bytes;
  });

test('usual lines mean the same as when all lines are read one by one, wherever chunks and parts end', async () => {
  const usual = usualLines();
  expect(usual).not.toBeNull();
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.constantFrom(1, 100, 5000, 65_536, 200_000, 200_000), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(1, 7, 1000, 5000, 5000),
      async (bytes, cuts, batchRows) => {
        const slow = await read(bytes, [bytes.length], batchRows, null);
        expect(await read(bytes, cuts, batchRows, usual)).toEqual(slow);
      },
    ),
    { numRuns: runs({ short: 25, long: 300 }) },
  );
});
