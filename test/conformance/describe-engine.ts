import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { derivedFields } from '../../src/model/catalog/derived-fields.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { enrichedWorld } from './enriched-world.ts';
import type { Query } from '../../src/model/query/query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { parseRecordsRequest } from '../../src/model/query/parse-records.ts';
import { arbitraryFlows, eras, hostileTexts } from './arbitrary-flows.ts';
import { arbitraryCounts, arbitraryQuery } from './arbitrary-query.ts';
import { inOrder, mapped, mappedQuestions, questionsOfFew, someWithout } from './empty-and-null.ts';
import { cases } from './engine-cases.ts';
import { matchesClause } from './evaluate-clause.ts';
import { withClocks } from './evaluate-selection.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import { type FlowObject, isFlow } from './flow-object.ts';

type Closable = Engine & { close?(): unknown };

/** Makes an engine that holds exactly these records. */
export type MakeEngine = (records: readonly FlowObject[], enrichment?: Enrichment) => Promise<Closable>;

export interface Skip {
  /** The name of the test. */
  readonly test: string;
  readonly reason: string;
}

/** How many flows a question without a time selects. */
function scanned({ filter }: Query, records: readonly FlowObject[]): number {
  return records.filter((record) => filter.every((clause) => matchesClause(record, clause))).length;
}

/** More of both finds more: `PEEPHOLE_FUZZ_RUNS=500 PEEPHOLE_FUZZ_SEED=7 npx vitest run test/conformance`. */
const wanted = process.env['PEEPHOLE_FUZZ_RUNS'];
const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 20_180_620);

/** Every test that an engine has to pass, whatever it is built on. */
export function describeEngine(
  name: string,
  makeEngine: MakeEngine,
  options: {
    readonly skip?: readonly Skip[];
    readonly runs?: number;
    readonly enrichedEras?: number;
    /** Of so many derived fields one is tried (absent: 1, all). */
    readonly nthDerivedField?: number;
  } = {},
): void {
  const runs = Number(wanted ?? options.runs ?? 15);
  const check = (title: string, body: () => Promise<void>): void => {
    const skip = options.skip?.find((entry) => entry.test === title);
    if (skip === undefined) test(title, body);
    else test.skip(`${title} (${skip.reason})`, body);
  };
  const withEngine = async (
    records: readonly FlowObject[],
    work: (engine: Engine) => Promise<void>,
  ): Promise<void> => {
    const engine = await makeEngine(records);
    try {
      await work(engine);
    } finally {
      await engine.close?.();
    }
  };

  describe(`${name} answers`, () => {
    describe.each(eras)('around $around in $timezone', (era) => {
      const era_seed = seed + eras.indexOf(era);
      const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: era_seed });
      const { enrichment, enriched } = enrichedWorld(era);
      const enrichedRecords = enriched(records);
      let engine: Closable;
      beforeAll(async () => {
        engine = await makeEngine(records, enrichment);
      });
      afterAll(() => engine.close?.());

      check('any query as the plain evaluator does', async () => {
        const property = fc.asyncProperty(arbitraryQuery(era), async (json) => {
          const query = parseQuery(json);
          expect(parseQuery(formatQuery(query))).toEqual(query);
          expectAnswer(await engine.query(query), evaluate(query, enrichedRecords));
        });
        await fc.assert(property, { numRuns: runs, seed: era_seed, endOnFailure: runs > 25 });
      });

      check('how many different values dimensions have, together or alone', async () => {
        const property = fc.asyncProperty(arbitraryCounts(era), async (json) => {
          const query = parseQuery(json);
          expectAnswer(await engine.query(query), evaluate(query, enrichedRecords));
        });
        await fc.assert(property, { numRuns: runs, seed: era_seed, endOnFailure: runs > 25 });
      });

      check('pages of raw flows', async () => {
        const request = { filter: [{ field: 'dstport', in: [null, 22], not: true }], limit: 7 };
        const seen: (readonly unknown[])[] = [];
        for (let offset = 0; ; offset += 7) {
          const page = await engine.records(parseRecordsRequest({ ...request, offset }));
          seen.push(...page.rows);
          if (!page.more) break;
          expect(page.rows).toHaveLength(7);
        }
        const { columns } = await engine.records(parseRecordsRequest(request));
        const wanted = records
          .filter(isFlow)
          .filter((record) => (record['dstport'] ?? null) !== null && record['dstport'] !== 22);
        const plain = wanted.map((record) =>
          columns.map(({ name: column, type }) => cellOf(record[column] ?? null, type)),
        );
        const sorted = (rows: readonly (readonly unknown[])[]): readonly string[] =>
          rows.map((row) => JSON.stringify(row)).toSorted();
        expect(sorted(seen)).toEqual(sorted(plain));
        const start = columns.findIndex((column) => column.name === 'start');
        const starts = seen.map((row) => row[start]).filter((value) => value !== null);
        expect(starts).toEqual(starts.toSorted().toReversed());
      });
    });

    // In each of these something changes within an hour that has flows.
    describe.each(eras.slice(1, 1 + (options.enrichedEras ?? 2)))('around $around in $timezone,', (era) => {
      check('enrichment of addresses and ports, by interface and time', async () => {
        const [records = []] = fc.sample(arbitraryFlows(era), {
          numRuns: 1,
          seed: seed + eras.indexOf(era),
        });
        const { enrichment, enriched } = enrichedWorld(era);
        const enrichedRecords = enriched(records);
        const engine = await makeEngine(records, enrichment);
        const { nthDerivedField = 1 } = options;
        for (const { name: field } of derivedFields.filter((_, i) => i % nthDerivedField === 0)) {
          const query = parseQuery({
            splits: [
              { field, sort: { by: field } },
              { field: 'interface_id' },
              { field: 'time', bucket: 'PT1H' },
            ],
            measures: ['flows', 'unique_sources'],
          });
          const expected = evaluate(query, enrichedRecords);
          expectAnswer(await engine.query(query), expected);
          const values = [...new Set(expected.rows.map(([value]) => value))];
          for (const not of [false, true]) {
            const filter = [{ field, in: values.slice(0, 2), not }];
            const filtered = parseQuery({
              filter,
              splits: [{ field: 'srcaddr' }],
              measures: ['connections'],
            });
            expectAnswer(await engine.query(filtered), evaluate(filtered, enrichedRecords));
            const page = await engine.records(
              parseRecordsRequest({ filter, order: { field, order: 'asc' }, limit: 1000 }),
            );
            expect(page.rows).toHaveLength(
              enrichedRecords
                .filter(isFlow)
                .map((record) => withClocks(record, 'Etc/UTC'))
                .filter((record) => filtered.filter.every((clause) => matchesClause(record, clause))).length,
            );
          }
        }
        await engine.close?.();
        await engine.close?.();
      });
    });

    describe('what was worked out by hand:', () => {
      for (const { title, records, query, rows } of cases) {
        check(title, () =>
          withEngine(records, async (engine) => {
            const parsed = parseQuery(query);
            expect((await engine.query(parsed)).rows).toEqual(rows);
            expect(evaluate(parsed, records).rows).toEqual(rows);
          }),
        );
      }
    });

    const answersAsEvaluator = (
      records: readonly FlowObject[],
      questions: readonly object[],
    ): Promise<void> =>
      withEngine(records, async (engine) => {
        for (const question of questions) {
          const query = parseQuery(question);
          const answer = await engine.query(query).catch((error: unknown) => {
            throw new Error(JSON.stringify(question), { cause: error });
          });
          expectAnswer(answer, evaluate(query, records));
          expect(answer.stats.rows_scanned, JSON.stringify(question)).toBe(scanned(query, records));
        }
      });

    check('what nothing matches, and splits of which some rows have no value', () =>
      answersAsEvaluator(someWithout, questionsOfFew),
    );

    check('the latest days are not those of a clock that is ahead, unless there are no others', async () => {
      const now = Math.floor(Date.now() / 1000);
      const [before, ahead] = [now - 50 * 86_400, now + 400 * 86_400];
      const at = (start: number): FlowObject => ({ srcaddr: '10.0.0.1', start, end: start });
      const query = parseQuery({ time: { last: 'P1D' }, splits: [{ field: 'time', bucket: 'P1D' }] });
      const expectNewest = (records: readonly FlowObject[], second: number, flows: number): Promise<void> =>
        withEngine(records, async (engine) => {
          const { range, rows } = await engine.query(query);
          expect([range?.to, rows.reduce((sum, row) => sum + Number(row[1]), 0)]).toEqual([
            end(second),
            flows,
          ]);
        });
      const end = (start: number): string => new Date((start + 1) * 1000).toISOString().replace('.000', '');
      await expectNewest([at(before), at(before - 10), at(ahead)], before, 2);
      await expectNewest([at(ahead), at(ahead - 10)], ahead, 2);
      // A clock may be ahead by some minutes, and logs may be of this moment.
      await expectNewest([at(before), at(now + 300)], now + 300, 1);
    });

    check('records in the order of a field, and those without a value last', () => {
      // Each value twice.
      const records = Array.from({ length: 12 }, (_, i) =>
        Object.fromEntries([
          ['start', 1_529_452_800],
          ...Object.entries(inOrder).map(([field, values], at) => [field, values[(5 * i + at) % 6]]),
        ]),
      );
      return withEngine(records, async (engine) => {
        for (const [field, values] of Object.entries(inOrder)) {
          const some = values.filter((value) => value !== null);
          for (const [order, wanted] of [
            ['asc', some],
            ['desc', some.toReversed()],
          ] as const) {
            const page = (more: object): ReturnType<Engine['records']> =>
              engine.records(parseRecordsRequest({ order: { field, order }, ...more }));
            const { columns, rows } = await page({});
            const place = columns.findIndex(({ name }) => name === field);
            expect(
              rows.map((row) => row[place]),
              `${field} ${order}`,
            ).toEqual([...wanted, null].flatMap((value) => [value, value]));
            const pages = await Promise.all([0, 3, 6, 9].map((offset) => page({ offset, limit: 3 })));
            expect(pages.flatMap((one) => one.rows)).toEqual(rows);
            expect(pages.map(({ more }) => more)).toEqual([true, true, true, false]);
          }
        }
      });
    });

    check('addresses that are others written in IPv6', () => answersAsEvaluator(mapped, mappedQuestions));

    check('nothing at all about an empty store', () =>
      withEngine([], async (engine) => {
        const all = [
          'flows',
          'bytes',
          'rejected_share',
          'connections',
          'unique_sources',
          'hours_active',
          'flows_per_hour',
        ];
        const questions = [
          { measures: all },
          {
            measures: all,
            splits: [{ field: 'srcaddr' }, { field: 'time', bucket: 'P1D' }],
            other: true,
            subtotals: true,
          },
          { measures: all, time: { last: 'P7D' }, compare: { shift: 'P7D' }, splits: [{ field: 'vpc_id' }] },
          { measures: all, time: { last: 'P7D' }, compare: { shift: 'P7D' } },
          {
            time: { from: '2018-06-20', to: '2018-06-21' },
            compare: { shift: 'P1M' },
            timezone: 'Europe/Berlin',
          },
          {
            filter: [{ field: 'action', in: ['REJECT'], not: true }],
            having: [{ measure: 'flows', between: [1, null] }],
          },
        ];
        for (const question of questions) {
          const query = parseQuery(question);
          expectAnswer(await engine.query(query), evaluate(query, []));
        }
        expect((await engine.records(parseRecordsRequest({}))).rows).toEqual([]);
      }),
    );

    check('every text can be asked for, whatever is in it', () => {
      const records = hostileTexts.map((instance_tag, i) => ({
        instance_tag,
        dstport: i,
        start: 1_529_452_800,
      }));
      return withEngine(records, async (engine) => {
        for (const [i, text] of hostileTexts.entries()) {
          for (const clause of [{ in: [text] }, { in: [text], not: true }, { contains: text }]) {
            const query = parseQuery({
              filter: [{ field: 'instance_tag', ...clause }],
              splits: [{ field: 'dstport', sort: { by: 'dstport' } }],
            });
            const { rows } = await engine.query(query);
            expect(rows).toEqual(evaluate(query, records).rows);
            expect(rows.some(([port]) => port === i)).toBe(clause.not !== true);
          }
        }
      });
    });

    check('a negated clause matches exactly the other flows', async () => {
      const [records = []] = fc.sample(arbitraryFlows(eras[0]!), { numRuns: 1, seed });
      const clauses = [
        { field: 'vpc_id', in: ['vpc-1'] },
        { field: 'vpc_id', in: ['vpc-1', null] },
        { field: 'vpc_id', in: [] },
        { field: 'vpc_id', contains: 'VPC' },
        { field: 'vpc_id', matches: '1$' },
        { field: 'srcaddr', in: ['10.0.0.1', '::1'] },
        { field: 'srcaddr', cidr: ['10.0.0.0/8', '2001:db8::/32'] },
        { field: 'srcaddr', contains: '10.' },
        { field: 'srcaddr', matches: ':' },
        { field: 'dstport', in: [22, null] },
        { field: 'dstport', between: [1, 1023] },
        { field: 'dstport', contains: '3' },
        { field: 'dstport', matches: '^4' },
        { field: 'bytes', between: [100, null] },
        { field: 'bytes', in: ['9007199254740993'] },
        { field: 'end', between: ['2018-06-20T12:00:00Z', null] },
        { field: 'az_id', in: ['x'] },
        { field: 'az_id', in: [null] },
        { field: 'az_id', matches: '.' },
      ];
      await withEngine(records, async (engine) => {
        const count = async (filter: unknown): Promise<number> => {
          const { rows } = await engine.query(parseQuery({ filter }));
          return Number(rows[0]?.[0]);
        };
        const total = records.filter(isFlow).length;
        for (const clause of clauses) {
          const [yes, no] = [await count([clause]), await count([{ ...clause, not: true }])];
          expect([clause, yes + no]).toEqual([clause, total]);
          expect(await count([clause, { ...clause, not: true }])).toBe(0);
        }
      });
    });

    check('hundreds of values at once, as a few', async () => {
      const [records = []] = fc.sample(arbitraryFlows(eras[0]!), { numRuns: 1, seed: seed + 50 });
      const hundreds = Array.from({ length: 300 }, (_, i) => i);
      const clauses = [
        {
          field: 'srcaddr',
          in: hundreds.flatMap((i) => [`10.0.${i % 7}.${i % 256}`, `2001:db8::${i.toString(16)}`]),
        },
        {
          field: 'srcaddr',
          cidr: hundreds.flatMap((i) => [`${i % 200}.${i % 256}.0.0/17`, `${i % 200}.0.0.${i % 3}`]),
        },
        {
          field: 'srcaddr',
          cidr: hundreds.flatMap((i) => [`2001:db8:0:${(2 * i).toString(16)}::/65`, `${i}::/64`]),
        },
        { field: 'dstport', in: hundreds.map((i) => 2 * i) },
        { field: 'bytes', in: ['9223372036854775807', ...hundreds] },
        {
          field: 'time',
          in: hundreds.map((i) =>
            new Date(Date.parse('2018-06-20T12:00:00Z') + (i - 150) * 600_000).toISOString(),
          ),
        },
        { field: 'vpc_id', in: [...hundreds.map((i) => `vpc-${i}`), null] },
      ];
      await withEngine(records, async (engine) => {
        for (const clause of clauses) {
          for (const not of [false, true]) {
            const query = parseQuery({
              time: { last: 'P1D' },
              filter: [{ ...clause, not }],
              splits: [{ field: 'srcaddr' }],
            });
            expectAnswer(await engine.query(query), evaluate(query, records));
          }
        }
      });
    });

    check('numbers and times may be as large as the query’s form has it', async () => {
      const start = Date.parse('2018-06-20T12:00:00Z') / 1000;
      const records = [0, 86_400].map((later) => ({ srcaddr: '10.0.0.1', bytes: 5, start: start + later }));
      const huge = [-Number.MAX_VALUE, Number.MAX_VALUE];
      const time = { from: '0000-01-01', to: '9999-12-31' };
      const timezone = 'Africa/Casablanca';
      await withEngine(records, async (engine) => {
        for (const json of [
          { having: [{ measure: 'bytes', between: huge }] },
          { having: [{ measure: 'connections', between: [null, 1e19] }], splits: [{ field: 'srcaddr' }] },
          { filter: [{ field: 'bytes', between: huge }] },
          { filter: [{ field: 'bytes', between: [1e300, null], not: true }] },
          { filter: [{ field: 'bytes', in: [-(2 ** 53 - 1), 5] }] },
          { time, splits: [{ field: 'time', bucket: 'P1M' }], timezone },
          { time, splits: [{ field: 'time', bucket: 'P1W' }], timezone },
          { time, splits: [{ field: 'time', bucket: 'PT1H' }], measures: ['flows_per_hour'], timezone },
          { time, compare: { shift: 'P1D' }, splits: [{ field: 'time', bucket: 'P1D' }], timezone },
          { time, compare: { shift: 'P1M' }, splits: [{ field: 'time', bucket: 'P1Y' }], timezone },
          { time: { last: 'P999Y99999W' }, compare: { shift: 'P99Y' } },
        ]) {
          const query = parseQuery(json);
          expectAnswer(await engine.query(query), evaluate(query, records));
        }
      });
    });

    check('a pattern that is not a regular expression is the query’s fault', () =>
      withEngine(
        [{ vpc_id: 'vpc-1', srcaddr: '10.0.0.1', dstport: 80, start: 1_529_452_800 }],
        async (engine) => {
          for (const field of ['vpc_id', 'srcaddr', 'dstport']) {
            for (const pattern of [
              '(',
              ')',
              '[',
              'a**',
              '*',
              '\\',
              '(?<n>a',
              '[z-a]',
              'a{2000}',
              '\\8',
              '(?=a)',
              '[[:x:]]',
              'x{3,1}',
            ]) {
              const query = parseQuery({ filter: [{ field, matches: pattern }] });
              await expect(engine.query(query), `${field} ${pattern}`).rejects.toMatchObject({
                code: 'impossible_query',
              });
            }
          }
        },
      ),
    );
  });
}

function cellOf(value: string | number | bigint | null, type: string): string | number | null {
  if (value === null) return null;
  if (type === 'time') return new Date(Number(value) * 1000).toISOString().replace('.000Z', 'Z');
  if (type !== 'number') return String(value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
