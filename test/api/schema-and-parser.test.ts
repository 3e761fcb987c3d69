import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { beforeAll, describe, expect } from 'vitest';
import { createApp } from '../../src/api/app.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import { parseAcknowledgement, parseSilence } from '../../src/model/alert/parse-silence.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import { parseExplain } from '../../src/model/explain/parse-explain.ts';
import { parseStateChange } from '../../src/model/knocks/parse-state-change.ts';
import { parsePlaces } from '../../src/model/places/parse-places.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { parseRecordsRequest } from '../../src/model/query/parse-records.ts';
import { timeZoneNames } from '../../src/model/time/zone-names.ts';
import { isTimeZone } from '../../src/model/time/zone.ts';
import { serviceOf } from '../support/service-of.ts';
import { runs } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { type JsonSchema, arbitraryOf } from './arbitrary-of-schema.ts';

/** What a parser makes of a body: it takes it, the form is wrong, or what it says can't be. */
type Verdict = 'taken' | 'bad_query' | 'impossible_query';

const parsers: readonly (readonly [name: string, parse: (json: unknown) => unknown])[] = [
  ['Query', parseQuery],
  ['RecordsRequest', parseRecordsRequest],
  ['Explain', parseExplain],
  ['Places', parsePlaces],
  ['ViewContent', (json) => parseDocument('views', json)],
  ['AlertContent', (json) => parseDocument('alerts', json)],
  ['DashboardContent', (json) => parseDocument('dashboards', json)],
  ['MeasureContent', (json) => parseDocument('measures', json)],
  ['LookupsContent', (json) => parseDocument('lookups', json)],
  ['Silence', (json) => parseSilence(json, Date.now())],
  ['Acknowledgement', parseAcknowledgement],
  ['StateChange', (json) => parseStateChange(json, Date.now() / 1000)],
];

let named: Readonly<Record<string, JsonSchema>> = {};
beforeAll(async () => {
  const app = await createApp({
    service: serviceOf(() => Promise.reject(new Error('not asked here'))),
    hosts: null,
    token: null,
  });
  const document = (await app.inject({ url: '/openapi.json' })).json<{
    components: { schemas: typeof named };
  }>();
  named = document.components.schemas;
  await app.close();
});

function verdictOf(parse: (json: unknown) => unknown, json: unknown): Verdict {
  try {
    parse(json);
    return 'taken';
  } catch (error) {
    if (error instanceof PeepholeError && (error.code === 'bad_query' || error.code === 'impossible_query'))
      return error.code;
    throw error;
  }
}

/** Whether a body fits a named schema of the published document. */
function fitting(name: string): (json: unknown) => boolean {
  const validator = Compile({ $ref: `#/components/schemas/${name}`, components: { schemas: named } });
  return (json) => validator.Check(json);
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, -0, 0.5, 1e21, 2 ** 53, -1e308, '', '0', '1.2.3.4', '::1/129', 'P0D', 'PT60M', 'PT90M', 'P9999Y', '2018-02-29', '2020-02-29T24:00', '2018-06-20 01:02Z', 'time', 'bytes', 'srcaddr', 'UTC', 'utc', '9223372036854775808', 'a'.repeat(4097), '😀'.repeat(4096)), // prettier-ignore
  fc.constantFrom<unknown>([], {}, [null, null], [1, null], [2, 1], ['flows', 'flows'], { last: 'P1D' }, { by: null }, { shift: 'P1D' }, { field: 'dstport' }, { field: 'dstport', in: [] }), // prettier-ignore
  fc.jsonValue({ maxDepth: 2 }),
);

/** The same JSON with something else at one place: a value, a member more, a member less, an item twice. */
function changed(json: unknown, place: number, instead: unknown): unknown {
  let left = place;
  const walk = (value: unknown): unknown => {
    if (left-- === 0) return instead;
    if (Array.isArray(value)) {
      const items = value.map(walk);
      if (left-- === 0) return [...items, ...(items.length > 0 ? [items[0]] : [instead])];
      return items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).flatMap(([key, member]) =>
      left-- === 0 ? [] : [[key, walk(member)] as const],
    );
    if (left-- === 0) return Object.fromEntries([...members, ['not', instead]]);
    return Object.fromEntries(members);
  };
  return walk(json);
}

describe.each(parsers)('%s', (name, parse) => {
  testInBoth('values that match the schema are accepted, unless they are contradictory', () => {
    const fits = fitting(name);
    let taken = 0;
    const bodies = arbitraryOf(named[name] ?? {}, named);
    fc.assert(
      fc.property(bodies, (json) => {
        expect(fits(json), JSON.stringify(json)).toBe(true);
        const verdict = verdictOf(parse, json);
        expect(verdict, JSON.stringify(json)).not.toBe('bad_query');
        if (verdict === 'taken') taken++;
      }),
      { numRuns: runs({ short: 25, long: 300 }) },
    );
    // Else the schema allows hardly anything that is no contradiction.
    expect(taken).toBeGreaterThan(0);
  });

  testInBoth('values that the parser accepts match the schema, and vice versa', () => {
    const fits = fitting(name);
    const bodies = fc
      .tuple(arbitraryOf(named[name] ?? {}, named), fc.nat(30), junk)
      .map(([json, place, instead]) => changed(json, place, instead));
    fc.assert(
      fc.property(bodies, (json) => {
        const verdict = verdictOf(parse, json);
        // What can't be may have another fault, too.
        if (verdict !== 'impossible_query')
          expect([verdict === 'taken', JSON.stringify(json)]).toEqual([fits(json), JSON.stringify(json)]);
      }),
      { numRuns: runs({ short: 50, long: 1000 }) },
    );
  });
});

test('the largest that fits is taken, and nothing larger', () => {
  const fits = fitting('Query');
  const clause = { field: 'dstport', in: [1] };
  const many = (count: number, item: unknown): readonly unknown[] =>
    Array.from({ length: count }, () => item);
  const sizes: readonly (readonly [most: number, body: (size: number) => unknown])[] = [
    [100, (size) => ({ filter: many(size, clause) })],
    [10_000, (size) => ({ filter: [{ ...clause, in: many(size, 1) }] })],
    [10_000, (size) => ({ filter: [{ field: 'srcaddr', cidr: many(size, '10.0.0.0/8') }] })],
    [4096, (size) => ({ filter: [{ field: 'vpc_id', contains: '😀'.repeat(size) }] })],
    [4096, (size) => ({ filter: [{ field: 'vpc_id', in: ['x'.repeat(size)] }] })],
    [20, (size) => ({ having: many(size, { measure: 'flows', between: [1, null] }) })],
    [8, (size) => ({ splits: many(size, { field: 'dstport' }) })],
    [100_000, (size) => ({ splits: [{ field: 'dstport', limit: size }] })],
    [Number.MAX_SAFE_INTEGER, (size) => ({ splits: [{ field: 'bytes', bucket: size }] })],
    [Number.MAX_SAFE_INTEGER, (size) => ({ filter: [{ field: 'bytes', in: [size] }] })],
  ];
  for (const [most, body] of sizes) {
    expect([fits(body(most)), verdictOf(parseQuery, body(most))], String(body)).toEqual([true, 'taken']);
    expect([fits(body(most + 1)), verdictOf(parseQuery, body(most + 1))], String(body)).toEqual([
      false,
      'bad_query',
    ]);
  }
});

test('every time zone of the schema is known to the platform', () => {
  expect([...timeZoneNames].filter((zone) => !isTimeZone(zone))).toEqual([]);
});
