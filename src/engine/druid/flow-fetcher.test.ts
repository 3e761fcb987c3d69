import { expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import type { FlowNeed } from '../../sql/flow-need.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import type { DruidServer } from './druid-server.ts';
import { DruidFetcher } from './flow-fetcher.ts';
import type { Known } from './known.ts';
import type { Row } from './read-lines.ts';

const HOUR = 475_000;

/** Three hours with a million flows each, and ten flows without a time. */
const known: Known = {
  base: '',
  datasource: 'flows',
  rollup: null,
  columns: new Set(['start', 'srcaddr', 'dstport', 'srcport', 'bytes', 'action']),
  range: { first: HOUR * 3600, last: (HOUR + 3) * 3600 - 1, newest: (HOUR + 3) * 3600 - 1 },
  flows: 3_000_010,
  hours: new Map([0, 1, 2].map((hour) => [HOUR + hour, 1_000_000])),
  seen: { hidden: [], later: { after: 'a', before: 'b' }, cuts: [] },
};

/** What a fetcher asks for, where each statement answers with these rows. */
async function asked(
  need: FlowNeed<Dialect>,
  { rows = [], count = 0, most = 1000, failures = 0, rollup = null }: { rows?: readonly Row[] | ((turn: number) => readonly Row[]); count?: number; most?: number; failures?: number; rollup?: string | null } = {},
): Promise<{ readonly statements: readonly string[]; readonly filled: readonly Row[]; readonly columns: string }> {
  const statements: string[] = [];
  const filled: Row[] = [];
  let columns = '';
  const server = {
    datasource: 'flows',
    datasources: ['flows'],
    where: 'http://druid',
    rows: async (sql: string) => {
      statements.push(sql);
      return [[count]];
    },
    async *pieces(sql: string) {
      statements.push(sql);
      if (statements.length <= failures) throw new PeepholeError('engine_failed', 'Not enough merge buffer memory');
      yield typeof rows === 'function' ? rows(statements.length) : rows;
    },
  };
  const working = {
    async fill(_: readonly string[], pieces: AsyncIterable<readonly Row[]>) {
      filled.length = 0;
      for await (const some of pieces) filled.push(...some);
    },
    async setAside(_: string, select: string) {
      columns = select;
    },
    drop: async () => undefined,
  };
  const fetcher = new DruidFetcher(server as unknown as DruidServer, { ...known, rollup }, working, async () => [], {}, most);
  await fetcher.fetch('fetched_0', need);
  return { statements, filled, columns };
} // prettier-ignore

const day = [{ from: HOUR * 3600, to: (HOUR + 24) * 3600 }];

test('a long time is asked for in pieces of hours, and what comes is checked to be whole', async () => {
  const need: FlowNeed<Dialect> = { kind: 'hours', columns: ['srcaddr', 'dstport'], ranges: day };
  // Start, srcaddr, dstport, flows, sum and largest value of bytes.
  const rows = [[HOUR * 3600, '10.0.0.1', 22, 1_000_000, 5, 1]];
  await expect(asked(need, { rows })).rejects.toThrow(/1,000,000 of 2,000,000 flows/);
  const whole = [...rows, ...rows];
  await expect(asked(need, { rows: whole })).rejects.toThrow(/2,000,000 of 1,000,000 flows/);
  const one = await asked({ ...need, ranges: [{ from: HOUR * 3600, to: (HOUR + 2) * 3600 }] }, { rows: whole });
  expect(one.statements).toHaveLength(1);
  expect(one.filled).toEqual(whole.map((row) => row.slice(0, -1)));
  expect(one.columns).toBe('hour, start, "srcaddr", "dstport", flows, bytes, CAST(NULL AS BIGINT) AS packets');
}); // prettier-ignore

test('where Druid fails to group so many flows, it is asked about fewer', async () => {
  const need: FlowNeed<Dialect> = { kind: 'hours', columns: [], ranges: [{ from: HOUR * 3600, to: (HOUR + 2) * 3600 }] };
  const rows = [[HOUR * 3600, 1_000_000, 5, 1]];
  const { statements, filled } = await asked(need, { rows, failures: 1 });
  expect(filled).toHaveLength(2);
  expect(statements.map((sql) => [...sql.matchAll(/TIMESTAMP '[^ ]+ (\d\d:\d\d)/g)].map(([, at]) => at).slice(-2))).toEqual([
    ['16:00', '18:00'],
    ['16:00', '17:00'],
    ['17:00', '18:00'],
  ]);
  await expect(asked(need, { rows, failures: 99 })).rejects.toThrow('Not enough merge buffer memory');
}); // prettier-ignore

test('flows that are equal are two rows, with the first and the last start', async () => {
  const need: FlowNeed<Dialect> = {
    kind: 'alike',
    columns: ['srcaddr'],
    ranges: [{ from: HOUR * 3600, to: (HOUR + 1) * 3600 }],
    tests: { is_web: () => 'f.dstport = 443' },
  };
  const at = HOUR * 3600;
  const { filled, columns, statements } = await asked(need, {
    // Start, srcaddr, is_web, flows, first and last start.
    rows: [
      [at, '10.0.0.1', 1, 999_999, at + 5, at + 90],
      [at, '10.0.0.2', null, 1, at + 7, at + 7],
    ],
  });
  expect(filled).toEqual([
    [at + 5, '10.0.0.1', 1, 999_998],
    [at + 90, '10.0.0.1', 1, 1],
    [at + 7, '10.0.0.2', null, 1],
  ]);
  expect(columns).toBe('hour, start, "srcaddr", "is_web", flows');
  expect(statements[0]).toContain(
    'CASE WHEN CAST("dstport" AS BIGINT) = 443 THEN 1 WHEN NOT (CAST("dstport" AS BIGINT) = 443) THEN 0 END AS "k2"',
  );
});

test('more rows than there may be are refused, single flows before any is fetched', async () => {
  const need: FlowNeed<Dialect> = { kind: 'each', columns: ['srcaddr'], ranges: day, action: 'REJECT' };
  await expect(asked(need, { count: 600 })).rejects.toThrow(
    'This needs more than 1,000 rows of flows in Druid at once, rejected flows one by one',
  );
  const rows = Array.from({ length: 1001 }, () => [HOUR * 3600, '10.0.0.1', 22, 1, 5, 1]);
  await expect(
    asked({ kind: 'hours', columns: ['srcaddr', 'dstport'], ranges: day }, { rows }),
  ).rejects.toMatchObject({ code: 'too_large' });
});

test('flows without a time are asked for by themselves, where all are asked for', async () => {
  const counts = [2_000_000, 1_000_000, 10];
  const { statements, filled } = await asked(
    { kind: 'hours', columns: [], ranges: null },
    { rows: (turn) => [[turn === 3 ? null : HOUR * 3600, counts[turn - 1] ?? 0, 0, 0]] },
  );
  expect(statements.map((sql) => sql.includes('AND NOT ("__time" >='))).toEqual([false, false, true]);
  expect(filled.map(([, flows]) => flows)).toEqual(counts);
});

test('sums of hours come from the rollup, or from the flows while Druid has not all of it at hand', async () => {
  const ranges = [{ from: HOUR * 3600, to: (HOUR + 1) * 3600 }];
  const need: FlowNeed<Dialect> = { kind: 'hours', columns: ['srcaddr', 'dstport'], ranges };
  const sources = async (of: FlowNeed<Dialect>, rows: (turn: number) => readonly Row[]): Promise<unknown> => {
    const { statements, filled } = await asked(of, { rows, rollup: 'flows_hour' });
    expect(filled).toEqual([[HOUR * 3600, '10.0.0.1', 22, 1_000_000, 5]]);
    return statements.map((sql) => /FROM (\S+)/.exec(sql)?.[1]);
  };
  const row = (flows: number): readonly Row[] => [[HOUR * 3600, '10.0.0.1', 22, flows, 5, 1]];
  expect(await sources(need, () => row(1_000_000))).toEqual(['"flows_hour"']);
  const lacking = (turn: number): readonly Row[] => row(turn === 1 ? 999_999 : 1_000_000);
  expect(await sources(need, lacking)).toEqual(['"flows_hour"', 'sys.segments', 'sys.tasks', '"flows"']);
  const count = [1_000_000];
  const counted = (): readonly Row[] => [count, ...row(1_000_000), count];
  expect(await sources({ ...need, only: () => 'f.srcport = 1' }, counted)).toEqual(['"flows"']);
}); // prettier-ignore
