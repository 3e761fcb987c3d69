import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fields } from '../../src/model/catalog/fields.ts';
import { derivedFields } from '../../src/model/catalog/derived-fields.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import {
  type FilterDraft,
  clauseOfDraft,
  draftOf,
  meaningOfDraft,
  modesOf,
} from '../../web/menus/filter-draft.ts';
import type { About } from '../../web/understand/meaning.ts';
import { matchesClause } from './evaluate-clause.ts';

// What the page makes of what is typed is held against the query's own parser, and against plain loops.

const all = [...fields, ...derivedFields].filter(({ type }) => type !== 'time');
const names = new Map([
  ['10.0.0.5', 'collector'],
  ['2001:db8::5', 'web, prod'],
  ['8.8.8.8', '10.0.0.0/99'],
]);
const aboutField = (name: string): About => {
  const field = all.find((each) => each.name === name);
  if (field === undefined) throw new Error(`There is no field ${name}.`);
  const { label, type, unit } = field;
  const side = name === 'srcaddr' ? 'src_side' : null;
  return { field: name, label, type, unit, names, side, timezone: 'Etc/UTC', judge: null };
};
const made = (about: About, part: Partial<FilterDraft>, match?: Scalar): Clause | null => {
  const draft = { ...draftOf(null, about.type), ...part };
  return clauseOfDraft(draft, meaningOfDraft(draft, about, match));
};

const octet = fc.integer({ min: 0, max: 300 });
const four = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const six = fc.constantFrom('::1', '2001:DB8::5', 'fe80::1', '2001:db8:0:0:0:0:0:5', '1::2::3', ':::');
const amount = fc.oneof(
  fc.bigInt(0n, 2n ** 64n).map(String),
  fc.integer({ min: -3, max: 70_000 }).map(String),
  fc.constantFrom(
    '1k',
    '1.5 MB',
    '0.3k',
    '1,000',
    '9223372036854775807',
    '1e3',
    '7 apples',
    'ssh',
    'tcp',
    'SYN ACK',
  ),
);
const address = fc.oneof(four, six);
const item = fc.oneof(
  address,
  amount,
  fc.tuple(address, fc.integer({ min: 0, max: 140 })).map(([text, length]) => `${text}/${length}`),
  fc.tuple(address, fc.constantFrom('-', ' - ', '..', ' to ', '–'), address).map((parts) => parts.join('')),
  fc.tuple(four, octet).map(([text, last]) => `${text}-${last}`),
  fc
    .tuple(fc.constantFrom('>', '<', '>=', '≤ ', ''), amount, fc.constantFrom('', '+', '-'))
    .map((parts) => parts.join('')),
  fc.tuple(amount, fc.constantFrom('-', ' to ', '…'), amount).map((parts) => parts.join('')),
  fc.constantFrom(
    'internal',
    'External',
    'none',
    'collector',
    'web, prod',
    '10.',
    '*',
    '10.0.*',
    '[::1]',
    '\ud800',
    '',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const typed = fc
  .tuple(fc.array(item, { maxLength: 4 }), fc.constantFrom(', ', '\n', ' ', ';', ','))
  .map(([items, between]) => items.join(between));

describe('what is typed into a filter', () => {
  it('makes only filters that the query’s parser accepts, as they are', () => {
    const draft = fc.constantFrom(...all).chain(({ name, type }) =>
      fc.record({
        name: fc.constant(name),
        mode: fc.constantFrom(...modesOf(type)),
        values: fc.array(
          type === 'address'
            ? fc.constantFrom<Scalar>('10.0.0.1', '::1', null)
            : type === 'text'
              ? fc.constantFrom<Scalar>('a', '', null)
              : fc.constantFrom<Scalar>(0, 65_535, null),
          { maxLength: 2 },
        ),
        not: fc.boolean(),
        typed,
        searching: fc.boolean(),
        text: typed,
        pattern: typed,
        blocks: typed,
        low: fc.oneof(amount, typed),
        high: fc.oneof(amount, typed),
      }),
    );
    let clauses = 0;
    fc.assert(
      fc.property(draft, ({ name, ...part }) => {
        const clause = made(aboutField(name), part);
        if (clause === null) return;
        clauses++;
        const base = parseQuery({});
        const json = JSON.parse(JSON.stringify(formatQuery({ ...base, filter: [clause] }))) as unknown;
        expect(parseQuery(json).filter).toEqual([clause]);
      }),
      { numRuns: 4000 },
    );
    expect(clauses).toBeGreaterThan(800);
  });

  it('addresses: matches what any of its parts matches, and nothing else', () => {
    const valid = fc.tuple(fc.constantFrom('10.0.0', '10.0.1', '192.168.0'), fc.integer({ min: 0, max: 255 })).map((parts) => parts.join('.')); // prettier-ignore
    const number = (text: string): number =>
      text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const part = fc.oneof(
      valid.map((text) => ({ text, holds: (other: string) => other === text })),
      fc.tuple(valid, fc.integer({ min: 16, max: 32 })).map(([text, length]) => ({
        text: `${text}/${length}`,
        holds: (other: string) =>
          Math.floor(number(other) / 2 ** (32 - length)) === Math.floor(number(text) / 2 ** (32 - length)),
      })),
      fc.tuple(valid, valid).map(([a, b]) => {
        const [low, high] = number(a) <= number(b) ? [a, b] : [b, a];
        return {
          text: `${low}-${high}`,
          holds: (other: string) => number(other) >= number(low) && number(other) <= number(high),
        };
      }),
      fc.constant({ text: 'collector', holds: (other: string) => other === '10.0.0.5' }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(valid), (parts, others) => {
        const clause = made(aboutField('dstaddr'), { typed: parts.map(({ text }) => text).join(', ') });
        if (clause === null) throw new Error('It makes no filter.');
        for (const other of [...others, '10.0.0.5']) {
          const truth = parts.some(({ holds }) => holds(other));
          expect(matchesClause({ dstaddr: other }, clause)).toBe(truth);
        }
        expect(matchesClause({}, clause)).toBe(false);
      }),
    );
  });

  it('numbers: matches what any of its parts matches, and nothing else', () => {
    const port = fc.integer({ min: 0, max: 200 });
    const part = fc.oneof(
      port.map((value) => ({ text: String(value), holds: (other: number) => other === value })),
      fc.tuple(port, port).map(([a, b]) => {
        const [low, high] = a <= b ? [a, b] : [b, a];
        return { text: `${low} - ${high}`, holds: (other: number) => other >= low && other <= high };
      }),
      fc.constant({ text: 'ssh', holds: (other: number) => other === 22 || other === 2222 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(port), (parts, others) => {
        const clause = made(aboutField('dstport'), { typed: parts.map(({ text }) => text).join(', ') });
        if (clause === null) throw new Error('It makes no filter.');
        for (const other of others) {
          const truth = parts.some(({ holds }) => holds(other));
          expect(matchesClause({ dstport: other }, clause)).toBe(truth);
        }
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('>', '>=', '<', '<='),
        fc.integer({ min: 1, max: 9000 }),
        fc.nat(20_000),
        (sign, bound, other) => {
          const clause = made(aboutField('bytes'), { typed: `${sign} ${bound}`, mode: 'values' });
          if (clause === null) throw new Error('It makes no filter.');
          const truth = {
            '>': other > bound,
            '>=': other >= bound,
            '<': other < bound,
            '<=': other <= bound,
          }[sign];
          expect(matchesClause({ bytes: other }, clause)).toBe(truth);
        },
      ),
    );
  });

  it('internal and external: every address is one of them, as the kinds of addresses say', () => {
    const about = aboutField('pkt_srcaddr');
    const [inside, outside] = ['internal', 'external'].map((typed) => made(about, { typed }));
    if (!inside || !outside) throw new Error('They make no filters.');
    const some = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.1.2.3', '172.31.0.1', '100.64.0.1', 'fc00::1', '::', '::1', '::2', 'ff02::1', '255.255.255.255', '8.8.8.8', '169.254.0.0', '11.0.0.0')); // prettier-ignore
    fc.assert(
      fc.property(some, (address) => {
        const record = { pkt_srcaddr: address };
        expect(matchesClause(record, inside)).not.toBe(matchesClause(record, outside));
      }),
    );
    expect(matchesClause({}, outside)).toBe(false);
  });
});
