import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { graphOf, neighboursOf } from './graph.ts';
import { layoutOf } from './layout.ts';

const answer = (rows: readonly (readonly Cell[])[]): Answer => ({
  columns: [],
  rows,
  truncated: false,
  other: [],
  hidden: null,
  subtotals: null,
  range: null,
  stats: { ms: 1, rows_scanned: 1, source: 'flow_hour' },
});

const party = fc.constantFrom(null, ...Array.from({ length: 30 }, (_, at) => `party ${at}`));
const pairs = fc
  .uniqueArray(fc.tuple(party, party, fc.nat(1000), fc.nat(1_000_000)), {
    selector: ([from, to]) => JSON.stringify([from, to]),
    maxLength: 120,
  })
  .map((list) => list.map(([from, to, flows, bytes]): Cell[] => [from, to, flows, bytes, flows % 7]));
const placesOf = (rows: readonly (readonly Cell[])[]): Answer =>
  answer(
    rows.flatMap(([from, to]) =>
      [from, to].map((each) => [
        each ?? null,
        String(each).endsWith('3') ? 'external' : 'internal',
        String(each).endsWith('5') ? 'vpc-5' : null,
        1,
      ]),
    ),
  );

test('nothing is lost by folding, and no box lies on another, the same each time', () => {
  fc.assert(
    fc.property(pairs, fc.integer({ min: 1, max: 20 }), (rows, most) => {
      const answers = { edges: answer(rows), places: [placesOf(rows)] };
      const graph = graphOf(answers, 'bytes', { outside: most, inside: most });
      const sum = (each: (row: readonly Cell[]) => number): number =>
        rows.reduce((total, row) => total + each(row), 0);
      expect(graph.edges.reduce((total, { bytes }) => total + bytes, 0)).toBe(sum((row) => Number(row[3])));
      expect(graph.edges.reduce((total, { flows }) => total + flows, 0)).toBe(sum((row) => Number(row[2])));
      const all = new Set(rows.flatMap(([from, to]) => [from, to])).size;
      expect(graph.nodes.filter(({ folded }) => folded === 0).length + graph.folded).toBe(all);
      expect(graph.nodes.length).toBeLessThanOrEqual(2 * most + 2);
      const layout = layoutOf(graph);
      expect(layoutOf(graph)).toEqual(layout);
      const boxes = [...layout.boxes.values()];
      expect(boxes.length).toBe(graph.nodes.length);
      for (const [at, a] of boxes.entries())
        for (const b of boxes.slice(at + 1)) {
          const apart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(apart).toBe(true);
        }
    }),
    { numRuns: 25, seed: 2 },
  );
});

test('a focus has what a party talks to, alone', () => {
  const rows: Cell[][] = [
    ['a', 'b', 5, 50, 0],
    ['b', 'c', 3, 30, 3],
    ['c', 'd', 1, 10, 0],
  ];
  const graph = graphOf({ edges: answer(rows), places: [placesOf(rows)] }, 'flows', {
    outside: 10,
    inside: 10,
  });
  const near = neighboursOf(graph, 'party b');
  expect(near.nodes.map(({ label }) => label).toSorted()).toEqual(['a', 'b', 'c']);
  expect(near.edges.map(({ flows }) => flows)).toEqual([5, 3]);
});
