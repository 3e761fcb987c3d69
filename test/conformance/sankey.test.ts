import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import type { Query } from '../../src/model/query/query.ts';
import { columnOf, columnQuery, pairOf, pairQuery } from '../../src/view/chart-layout/sankey-questions.ts';
import { sankeyOf } from '../../src/view/chart-layout/sankey.ts';
import { defaultView } from '../../src/view/view.ts';
import { evaluate } from './evaluate.ts';
import type { FlowObject } from './flow-object.ts';

/** What a query answers over records, asked as the page does: through its JSON. */
function answerOf(query: Query, records: readonly FlowObject[]): Answer {
  const asked = parseQuery(JSON.parse(JSON.stringify(formatQuery(query))));
  const columns = [...asked.splits.map(({ field }) => field), ...asked.measures].map((name) => ({
    name,
    kind: asked.splits.some(({ field }) => field === name) ? ('split' as const) : ('measure' as const),
    type: 'text' as const,
    label: name,
    unit: null,
  }));
  return { ...evaluate(asked, records), columns, stats: { ms: 0, rows_scanned: 0, source: 'flow' } };
}

const record = fc.record({
  log_status: fc.constant('OK'),
  start: fc.constant(1_529_452_800),
  srcaddr: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '::1', null),
  dstport: fc.constantFrom(22, 80, 443, 8080, 8443, null),
  dstaddr: fc.constantFrom('10.1.0.1', '10.1.0.2', '10.1.0.3'),
});

test('every column of a sankey names the top of all flows, and what flows between is what plain loops count', () => {
  const fields = ['srcaddr', 'dstport', 'dstaddr'];
  const limits = fc.tuple(...fields.map(() => fc.integer({ min: 1, max: 4 })));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 60 }), limits, (records, tops) => {
      const view = defaultView('Etc/UTC', { kind: 'all' });
      const splits = fields.map((field, at) => ({ field, bucket: null, limit: tops[at] ?? 1, sort: null }));
      const columns = splits.map((split) =>
        columnOf(answerOf(columnQuery(view, split, 'flows'), records), 0),
      );
      const pairs = splits
        .slice(1)
        .map((split, level) =>
          pairOf(
            answerOf(
              pairQuery(view, [splits[level]!, split], [columns[level]!, columns[level + 1]!], 'flows'),
              records,
            ),
          ),
        );
      const { nodes, links } = sankeyOf(columns, pairs, records.length, 600);
      fields.forEach((field, level) => {
        const counts = new Map<unknown, number>();
        for (const one of records) {
          const value = one[field as 'srcaddr'];
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        const own = nodes.filter((node) => node.level === level);
        const named = own.filter(({ rest }) => !rest);
        expect(named).toHaveLength(Math.min(tops[level] ?? 0, counts.size));
        for (const { value, amount } of named) expect(amount).toBe(counts.get(value));
        // Nothing that is not named has more.
        const least = Math.min(...named.map(({ amount }) => amount));
        for (const [value, count] of counts)
          if (!named.some((node) => node.value === value)) expect(count).toBeLessThanOrEqual(least);
        expect(own.reduce((sum, { amount }) => sum + amount, 0)).toBe(records.length);
      });
      for (const { from, to, amount } of links) {
        const nameOf = (level: number, one: (typeof records)[number]): unknown => {
          const value = one[fields[level] as 'srcaddr'];
          return nodes.some((node) => node.level === level && !node.rest && node.value === value)
            ? value
            : 'rest';
        };
        const counted = records.filter(
          (one) =>
            nameOf(from.level, one) === (from.rest ? 'rest' : from.value) &&
            nameOf(to.level, one) === (to.rest ? 'rest' : to.value),
        );
        expect(amount).toBe(counted.length);
      }
      for (const level of [0, 1])
        expect(
          links.filter(({ from }) => from.level === level).reduce((sum, { amount }) => sum + amount, 0),
        ).toBe(records.length);
    }),
    { numRuns: 150 },
  );
});
