import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/suite.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { decodeAll, outcome } from '../fixtures/decode-all.ts';
import type { Decoded } from '../fixtures/decode-all.ts';
import { naiveDecode } from '../fixtures/naive.ts';

const word = fc.oneof(
  fc.constantFrom(
    '-',
    'OK',
    'NODATA',
    'ACCEPT',
    '0',
    '10.0.0.1',
    '10.0.0.256',
    '1529452800',
    'srcaddr',
    '2018-06-20T00:00:00Z',
    'ü',
  ),
  // Without characters that separate the columns of a table.
  fc.stringMatching(/^[!-~]{1,12}$/).map((text) => text.replaceAll(/[,;|]/g, '.')),
);

function valueOf(field: Field | undefined): fc.Arbitrary<string> {
  switch (field?.type) {
    case undefined:
      return fc.stringMatching(/^[A-Za-z0-9"\\/]{1,8}$/);
    case 'integer':
      return fc.nat({ max: field.max! }).map(String);
    case 'counter':
      return fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })).map(String);
    case 'time':
      return fc.integer({ min: 1_529_452_800, max: 1_529_452_900 }).map(String);
    case 'address':
      // The naive decoder writes IPv4-mapped addresses differently.
      return fc.oneof(
        fc.ipV4(),
        fc.ipV6().filter((text) => !/^[0:]*:ffff:/i.test(text)),
      );
    case 'text':
      return field.values === null
        ? fc.constantFrom('eni-1', 'eni-2', 'vpc-1', '123456789010', 'ü')
        : fc.constantFrom(...field.values);
  }
}

const layout = fc
  .tuple(fc.subarray([...fields], { minLength: 1, maxLength: 20 }), fc.subarray(['brand-new', 'newer']))
  .chain(([known, unknown]) => {
    const names = [...known.map((field) => field.aws), ...unknown.slice(0, known.length)];
    return fc.shuffledSubarray(names, { minLength: names.length });
  });

function lineOf(names: readonly string[]): fc.Arbitrary<string> {
  const values = names.map((name) => valueOf(fields.find((field) => field.aws === name)));
  const record = fc.tuple(
    ...values.map((value) =>
      fc.oneof(
        { weight: 12, arbitrary: value },
        { weight: 3, arbitrary: fc.constant('-') },
        { weight: 1, arbitrary: word },
      ),
    ),
  );
  return fc
    .tuple(
      record,
      fc.oneof({ weight: 4, arbitrary: fc.constant(' ') }, fc.constantFrom('  ', '\t', ' \t')),
      fc.nat({ max: 24 }),
      word,
    )
    .map(([words, gap, oddity, other]) => {
      const line = words.join(gap);
      if (oddity === 0) return `${line} ${other}`;
      if (oddity === 1) return words.slice(1).join(gap);
      if (oddity === 2) return ` ${line} `;
      if (oddity === 3) return `2018-06-20T00:00:00.000Z ${line}`;
      if (oddity === 4) return '';
      if (oddity === 5) return other;
      return line;
    });
}

const section = layout.chain((names) =>
  fc
    .tuple(fc.constant(names.join(' ')), fc.array(lineOf(names), { maxLength: 12 }))
    .map(([header, lines]) => [header, ...lines]),
);

const text = fc
  .tuple(fc.array(section, { maxLength: 3 }), fc.array(word), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(
    ([sections, first, newline, final]) =>
      [first.join(' '), ...sections.flat()].join(newline) + (final ? newline : ''),
  );

/** By chance a line may contain two records without a line feed between them. The decoder splits these, the naive one does not. */
const looksJoined = /(?:OK|NODATA|SKIPDATA|-)[ \t]*\d{1,2}[ \t]+(?:\d{12}|unknown)[ \t]+(?:eni-\w+|-)[ \t]/;

test('agrees with a naive decoder for any layout, wherever chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom(1, 2, 13, 100, 65_536),
      fc.constantFrom(1, 5, 1000),
      async (input, chunk, batchRows) => {
        fc.pre(!/^\s*[{[]/.test(input)); // That may be JSON.
        fc.pre(!looksJoined.test(input));
        const expected = naiveDecode(input);
        const decoded = await outcome(decodeAll(input, { chunk, batchRows }));
        if (typeof decoded === 'string') return fc.pre(false); // It looks like no flow log.
        expect(decoded.quarantined.map(({ line }) => line)).toEqual(expected.quarantined);
        expect(decoded.flows).toEqual(expected.flows);
        expect(decoded.coverage).toEqual(expected.coverage);
        expect([decoded.nodata, decoded.skipdata]).toEqual([expected.nodata, expected.skipdata]);
        expect(decoded.flows.length + decoded.nodata + decoded.skipdata + decoded.quarantined.length).toBe(
          expected.records,
        );
      },
    ),
    { numRuns: runs({ short: 80, long: 600 }) },
  );
});

test('for any bytes, each line is counted exactly once', async () => {
  // The account ends a record of this layout, and what sticks to its twelve digits may begin another.
  const layout = 'instance-tag-2 newer brand-new packets-lost-mtu-exceeded pkt-dstaddr srcaddr account-id';
  const sticking = Buffer.from(
    `${layout}\n- eni-1 eni-1 0 eni-1 ::1 10000000000000 ! eni-1 - eni-1 eni-1 -\n`,
  );
  const garbage = fc
    .uint8Array({ maxLength: 400 })
    // A lone carriage return would end a line.
    .map((bytes) => Buffer.from([...bytes.filter((byte) => byte !== 0), 10]));
  const nearly = fc
    .tuple(text, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 5 }))
    .map(([input, flips]) => {
      const bytes = Buffer.from(`version ${input}`);
      for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
      return bytes;
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(garbage, nearly), fc.constantFrom(1, 50, 65_536), async (bytes, chunk) => {
      const whole = await outcome(decodeAll(bytes, { batchRows: 1000 }));
      expect(await outcome(decodeAll(bytes, { chunk, batchRows: 1000 }))).toEqual(whole);
      if (whole === 'unreadable_input' || /^[\s\uFEFF]*[{[]/.test(bytes.toString())) return;
      // Records joined by a lost line feed have a lone carriage return too.
      if (looksJoined.test(bytes.toString()) || /\r(?!\n)/.test(bytes.toString())) return;
      const { flows, nodata, skipdata, quarantined } = whole as Decoded;
      const input = bytes.toString().replace(/^\uFEFF/, '');
      const lines = new Set(quarantined.map(({ line }) => line));
      // By a header of its own, a line may look like joined records too: then it is in quarantine in pieces, and they are all of it.
      const cut = [...lines].filter((line) => quarantined.filter((one) => one.line === line).length > 1);
      for (const line of cut) {
        const pieces = quarantined.filter((one) => one.line === line).map((one) => one.text);
        expect(pieces.join('').replaceAll(/\s/g, '')).toBe(
          input.split('\n')[line - 1]?.replaceAll(/\s/g, ''),
        );
      }
      expect(flows.length + nodata + skipdata + lines.size).toBe(naiveDecode(input).records);
    }),
    {
      numRuns: runs({ short: 80, long: 600 }),
      examples: [[sticking, 1]],
    },
  );
});
