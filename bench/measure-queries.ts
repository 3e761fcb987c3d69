import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { BenchData } from './bench-data.ts';
import { type ClickHouse, loadClickHouse } from './bench-clickhouse.ts';
import { type DashboardFigures, measureDashboard } from './measure-dashboard.ts';
import { median } from './measure-ingest.ts';
import { type InvestigationFigures, measureInvestigation } from './measure-investigation.ts';
import { QuestionClient } from './question-client.ts';
import { explorerQueries, storyQueries, type BenchQuery } from './queries.ts';
import { serveStore } from './serve-store.ts';

export interface QueryFigures extends InvestigationFigures, DashboardFigures {
  readonly each: readonly QueryTimes[];
  /** Plain SQL's time divided by ours: above 1 we are faster. */
  readonly speedupGeomean: number;
  /** Likewise ClickHouse's; null where it is not installed. */
  readonly clickHouseGeomean: number | null;
  readonly worst: number;
  /** Milliseconds over HTTP, of all runs. */
  readonly p95: number;
  readonly storyWorst: number;
  readonly coldOpen: number;
  readonly peakRss: number;
}

/** Medians in milliseconds. */
export interface QueryTimes {
  readonly name: string;
  readonly oursMs: number;
  readonly plainMs: number;
  readonly clickHouseMs: number | null;
}

const ROUNDS = 5;

/** Asks the server over HTTP, and the plain table and ClickHouse (where it is installed) in this process, warm and by turns. */
export async function measureQueries(
  data: BenchData,
  store: string,
  plain: string,
  memory: string,
): Promise<QueryFigures> {
  // Before the server: loading it stops this process for long, and connections would go stale.
  const clickHouse = loadClickHouse(data.one, join(dirname(plain), 'clickhouse'));
  const { url, coldOpen, stop } = await serveStore(store, memory);
  try {
    const schema = (await (await fetch(new URL('/api/v1/schema', url))).json()) as { store: { to: string } };
    const to = schema.store.to;
    const hourAgo = `${new Date(Date.parse(to) - 3_600_000).toISOString().slice(0, -5)}Z`;
    const story = storyQueries({ ...data.target, to, hourAgo });
    const instance = await DuckDBInstance.create(plain, { memory_limit: memory.replace('GiB', 'GB') });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const client = new QuestionClient(url);
    const results = [];
    for (const query of [...story, ...explorerQueries])
      results.push({
        ...(await compare(client, connection, clickHouse, query)),
        story: story.includes(query),
      });
    client.close();
    instance.closeSync();
    clickHouse?.close();
    const dashboard = await measureDashboard(url);
    const investigation = await measureInvestigation(url, data.target);
    return { ...summarize(results), ...dashboard, ...investigation, coldOpen, peakRss: await stop() };
  } finally {
    await stop();
  }
}

interface Compared {
  readonly name: string;
  readonly ours: readonly number[];
  readonly plain: readonly number[];
  readonly clickHouse: readonly number[];
}

async function compare(
  client: QuestionClient,
  connection: DuckDBConnection,
  clickHouse: ClickHouse | null,
  asked: BenchQuery,
): Promise<Compared> {
  const { name, query, sql, clickhouse = sql } = asked;
  const ours: number[] = [];
  const plain: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const first = performance.now();
    const text = await client.ask(query);
    const second = performance.now();
    const rows = (await connection.runAndReadAll(sql)).getRows();
    const third = performance.now();
    if (round === 0) checkSame(asked, JSON.parse(text) as OurAnswer, rows);
    clickHouse?.ask(clickhouse);
    const fourth = performance.now();
    // The first round warms both up.
    if (round > 0) {
      ours.push(second - first);
      plain.push(third - second);
      if (clickHouse !== null) theirs.push(fourth - third);
    }
  }
  return { name, ours, plain, clickHouse: theirs };
}

interface OurAnswer {
  readonly rows: readonly (readonly unknown[])[];
}

/** A fast answer must be the right one. Equal rows may be in any order, and of rows without a key only plain SQL has some: those without data. */
function checkSame(
  { name, query: { splits = [] }, compared }: BenchQuery,
  { rows }: OurAnswer,
  plain: readonly (readonly unknown[])[],
): void {
  if (compared === undefined) return;
  const values = (some: readonly (readonly unknown[])[]): readonly number[] =>
    some
      .filter(([key]) => splits.length === 0 || key !== null)
      .map((row) => Number(row[compared]))
      .sort((a, b) => a - b);
  const [ours, theirs] = [values(rows), values(plain)];
  if (ours.join() !== theirs.join())
    throw new Error(`${name}: Peephole says ${ours.join(', ')}, plain SQL ${theirs.join(', ')}`);
}

function geomean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function summarize(
  results: readonly (Compared & { readonly story: boolean })[],
): Omit<QueryFigures, 'coldOpen' | 'peakRss' | keyof InvestigationFigures | keyof DashboardFigures> {
  const each = results.map(({ name, ours, plain, clickHouse }) => ({
    name,
    oursMs: median(ours),
    plainMs: median(plain),
    clickHouseMs: clickHouse.length === 0 ? null : median(clickHouse),
  }));
  const ratios = each.map(({ oursMs, plainMs }) => plainMs / oursMs);
  const all = results.flatMap(({ ours }) => ours).sort((a, b) => a - b);
  return {
    each,
    speedupGeomean: geomean(ratios),
    clickHouseGeomean: each.every(({ clickHouseMs }) => clickHouseMs !== null)
      ? geomean(each.map(({ oursMs, clickHouseMs }) => (clickHouseMs ?? 0) / oursMs))
      : null,
    worst: Math.min(...ratios),
    p95: all[Math.ceil(all.length * 0.95) - 1] ?? Number.NaN,
    storyWorst: Math.max(...results.filter(({ story }) => story).map(({ ours }) => median(ours))),
  };
}
