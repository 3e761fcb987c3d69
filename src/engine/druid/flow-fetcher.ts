import { PeepholeError } from '../../model/errors.ts';
import { dottedAddress } from '../../sql/dialects/duckdb/duckdb-key-lookup.ts';
import { IPV6_BASE } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { type OpenFlows, openFlowsNeed } from '../../sql/derived/initiator.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { druidRowWords, onDruidColumns } from '../../sql/dialects/druid/druid-row-words.ts';
import type { FlowNeed } from '../../sql/flow-need.ts';
import { EPHEMERAL } from '../../sql/plan/usual-rollups.ts';
import { quote } from '../../sql/dialects/druid/druid-layout.ts';
import { rolledUpFields } from '../../sql/dialects/druid/druid-table.ts';
import { kindOf, where } from '../../sql/dialects/druid/druid-select.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import type { RunOptions } from '../engine.ts';
import { amongConditions } from './among-conditions.ts';
import type { DruidServer } from './druid-server.ts';
import { withCause } from './completeness.ts';
import { onFlows, tableFor } from './choose-table.ts';
import { type Way, fetchRows, fieldsOf, wayAgain } from './fetch-rows.ts';
import type { FlowFetcher } from './fetched-flows.ts';
import type { Known } from './known.ts';
import { type NeededRows, kept } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import { RowConditions } from './row-conditions.ts';
import { LEAST_FLOWS, STRETCH_FLOWS, type Stretch, halved, stretches } from './stretches.ts';
import type { WorkingStore } from './working-store.ts';

const rowWords = druidRowWords(duckdb);

/** So many rows are here at once for the statements of a session; more are refused. */
const MOST_FETCHED = 10_000_000;
/** The table of `fetchOpen`. */
const OPEN_FLOWS = 'open_flow';
/** More values are not named: then all rows that fulfil the other conditions are fetched. */
const MOST_TUPLES = 200_000;

/** Fetches the flows that statements need out of Druid into tables of a working store. */
export class DruidFetcher implements FlowFetcher {
  readonly #server: DruidServer;
  readonly #known: Known;
  readonly #working: Pick<WorkingStore, 'fill' | 'setAside' | 'drop'>;
  readonly #run: RunStatement;
  readonly #options: RunOptions;
  readonly #most: number;
  /** How many rows each table has, and which addresses. */
  readonly #rows = new Map<string, number>();
  readonly #addresses = new Map<string, string>();
  /** Flows that a request is about: fewer after Druid failed to group so many. */
  #stretch = STRETCH_FLOWS;

  /**
   * @param run runs statements where the tables are that needs speak of
   * @param most so many rows are here at once; more are refused
   */
  constructor(
    server: DruidServer,
    known: Known,
    working: Pick<WorkingStore, 'fill' | 'setAside' | 'drop'>,
    run: RunStatement,
    options: RunOptions,
    most = MOST_FETCHED,
  ) {
    this.#most = most;
    this.#server = server;
    this.#known = known;
    this.#working = working;
    this.#run = run;
    this.#options = options;
  }

  /** Throws `too_large` where it would be too much, `engine_unreachable` where flows are missing. */
  async fetch(table: string, need: FlowNeed<Dialect>): Promise<void> {
    const requests = await this.#requests(need);
    const shape = shapeOf(need, this.#known);
    let rows = 0;
    const room = this.#most - [...this.#rows.values()].reduce((sum, some) => sum + some, 0);
    if (need.kind === 'each')
      await this.#refuseMany(
        requests.map(({ rows: one }) => one),
        room,
      );
    const pieces = async function* (this: DruidFetcher, way: Way): AsyncGenerator<readonly Row[]> {
      rows = 0;
      for (const request of requests)
        for await (const some of this.#rowsOf(request, way, () => room - rows)) {
          rows += some.length;
          yield some;
        }
    };
    const fill = (way: Way): Promise<void> =>
      this.#working.fill(fieldsOf(shape), pieces.call(this, way)).catch((error: unknown) => {
        const again = wayAgain(error);
        if (again === null) throw error;
        return fill(again);
      });
    await withCause(fill('whole'), this.#server, this.#options);
    await this.#working.setAside(table, itemsOf(need, shape).join(', '));
    this.#rows.set(table, rows);
    const ends = ['srcaddr', 'dstaddr'].filter((name) => shape.columns.includes(name));
    if (ends.length > 0) this.#addresses.set(table, addressesIn(table, shape.columns));
  }

  /** Fetches the flows of all time that say who began where ports leave it open; null: there is nothing that could say it. */
  async fetchOpen(): Promise<OpenFlows | null> {
    const need = openFlowsNeed(this.#known.columns);
    if (need === null) return null;
    await this.fetch(OPEN_FLOWS, need);
    return { table: OPEN_FLOWS, first: this.#known.range?.first ?? 0 };
  }

  async drop(table: string): Promise<void> {
    this.#rows.delete(table);
    this.#addresses.delete(table);
    await this.#working.drop(table);
  }

  /** A SELECT, in brackets, of all addresses that were fetched, with the interfaces that logged them; null: there is none. */
  get addresses(): string | null {
    return this.#addresses.size === 0 ? null : `(${[...this.#addresses.values()].join(' UNION ALL ')})`;
  }

  /** The rows of a request; where Druid fails to group so many flows, those of its halves. */
  async *#rowsOf(request: Request, way: Way, room: () => number): AsyncGenerator<readonly Row[]> {
    const halves = request.flows > this.#stretch ? halved(request) : null;
    if (halves !== null) {
      for (const half of halves) yield* this.#rowsOf(request.again(half), way, room);
      return;
    }
    let begun = false;
    try {
      const limit = { most: Math.max(0, room()), refusal: this.#refusal };
      const wanted = way === 'flows' ? onFlows(request.rows, this.#known) : request.rows;
      const kind = way === 'apart' ? way : 'whole';
      for await (const some of fetchRows(this.#server, wanted, this.#options, kind, limit)) {
        begun = true;
        yield some;
      }
    } catch (error) {
      const failed = error instanceof PeepholeError && error.code === 'engine_failed';
      if (begun || !failed || request.flows < 2 * LEAST_FLOWS || halved(request) === null) throw error;
      this.#stretch = request.flows / 2;
      yield* this.#rowsOf(request, way, room);
    }
  }

  async #requests(need: FlowNeed<Dialect>): Promise<readonly Request[]> {
    const { among } = need;
    const known = this.#known;
    const tuples = among === undefined ? null : await this.#tuples(among);
    const conditions =
      among === undefined || tuples === null ? [null] : amongConditions(among.fields, tuples);
    const request = (stretch: Stretch, condition: string | null): Request => ({
      ...stretch,
      rows: rowsOf(need, stretch, condition, known),
      again: (part) => request(part, condition),
    });
    return stretches(need.ranges, known, this.#stretch).flatMap((stretch) =>
      conditions.map((condition) => request(stretch, condition)),
    );
  }

  /** Throws `too_large` where single flows are too many, before any is fetched. */
  async #refuseMany(requests: readonly NeededRows[], room: number): Promise<void> {
    if (requests.reduce((sum, { whole }) => sum + whole.flows, 0) <= room) return;
    let flows = 0;
    for (const { conditions, texts } of requests) {
      const sql = `SELECT COUNT(*) FROM ${quote(this.#server.datasource)}${where(conditions)}`;
      const [row] = await this.#server.rows(sql, texts, this.#options);
      flows += Number(row?.[0] ?? 0);
      if (flows > room) throw new PeepholeError('too_large', this.#refusal(this.#server.datasource));
    }
  }

  readonly #refusal = (datasource: string): string =>
    `This needs more than ${this.#most.toLocaleString('en-US')} rows of ${datasource} in Druid at once, rejected flows one by one and sums of the others by the hour, and it is worked out here from these rows. Ask about a shorter time, or a store in files or in ClickHouse that has the time in question.`;

  /** The values of a need as Druid has them; null: they are too many to be named in a request. */
  async #tuples({
    fields,
    select,
  }: NonNullable<FlowNeed<Dialect>['among']>): Promise<
    readonly (readonly (string | number | null)[])[] | null
  > {
    const isAddress = fields.map((name) => kindOf(name) === 'text');
    const texts = fields.map((name, i) => (isAddress[i] === true ? `d${i}.value` : 'NULL'));
    const joins = fields.flatMap((name, i) =>
      isAddress[i] === true
        ? [`LEFT JOIN dictionary d${i} ON a.${name} >= ${IPV6_BASE} AND d${i}.id = a.${name} - ${IPV6_BASE}`]
        : [],
    );
    const rows = await this.#run(
      `SELECT ${fields.map((name) => `a.${name}`).join(', ')}, ${texts.join(', ')} FROM (SELECT * FROM (${select}) s LIMIT ${MOST_TUPLES + 1}) a ${joins.join(' ')}`,
    );
    if (rows.length > MOST_TUPLES) return null;
    return rows.map((row) =>
      fields.map((_, i) => {
        const key = row[i];
        if (key === null || key === undefined) return null;
        if (isAddress[i] !== true) return Number(key) < 0 ? null : Number(key);
        const text = row[fields.length + i];
        return typeof text === 'string' ? text : dottedAddress(Number(key));
      }),
    );
  }
}

/** What is asked of Druid at once. */
interface Request extends Stretch {
  readonly rows: NeededRows;
  /** The same of a part of its time. */
  readonly again: (part: Stretch) => Request;
}

/** What the rows of a need are. */
type Shape = Pick<NeededRows, 'each' | 'grain' | 'columns' | 'amounts'> &
  Pick<NeededRows, 'written' | 'ends'>;

function shapeOf({ kind, columns, ranges, cuts = [], grain = 3600, tests = {} }: FlowNeed<Dialect>, known: Known): Shape {
  const stored = kept(columns, known);
  if (kind === 'each') return { each: true, grain: null, columns: stored, amounts: [] };
  const edges = [...(ranges ?? []).flatMap(({ from, to }) => [from, to]), ...cuts].filter((cut) => cut > 0 && cut % grain !== 0);
  const start = { seconds: grain, cuts: [...new Set(edges)].toSorted((a, b) => a - b) };
  if (kind === 'hours')
    return {
      each: false,
      grain: start,
      columns: stored,
      amounts: kept(['bytes', 'packets'], known),
      ...(stored.includes('dstport') && known.columns.has('srcport') ? { written: new Map([['dstport', rolledUpPort(known)]]) } : {}),
    };
  const written = new Map(
    Object.entries(tests).map(([name, test]) => {
      const condition = onDruidColumns(test(rowWords), known.columns);
      return [name, `CASE WHEN ${condition} THEN 1 WHEN NOT (${condition}) THEN 0 END`];
    }),
  );
  return { each: false, grain: start, columns: [...stored, ...written.keys()], written, ends: true, amounts: [] };
} // prettier-ignore

/** The destination port as the rollup by the hour has it (`usual-rollups.ts`). */
function rolledUpPort({ columns }: Known): string {
  const rejected = columns.has('action') ? ` AND coalesce(f.action, '') <> 'REJECT'` : '';
  return onDruidColumns(
    `CASE WHEN f.dstport >= ${EPHEMERAL} AND f.srcport < ${EPHEMERAL}${rejected} THEN NULL ELSE f.dstport END`,
    columns,
  );
}

function rowsOf(
  need: FlowNeed<Dialect>,
  { ranges }: Stretch,
  among: string | null,
  known: Known,
): NeededRows {
  const rows = new RowConditions(known);
  if (need.filter !== undefined) rows.push(need.filter, true);
  if (ranges === null) rows.untimed();
  else rows.within(ranges);
  if (known.columns.has('action') && need.action !== undefined) rows.also(`"action" = '${need.action}'`);
  if (among !== null) rows.also(among);
  if (need.only !== undefined) rows.also(`(${onDruidColumns(need.only(rowWords), known.columns)})`);
  const shape = shapeOf(need, known);
  const { kind, only, filter = [] } = need;
  const fits =
    kind === 'hours' &&
    among === null &&
    only === undefined &&
    filter.every(({ field }) => rolledUpFields.includes(field) || field === 'start');
  return {
    ...shape,
    table: tableFor({ ...shape, fits, ranges }, known),
    any: known.columns.has('action') || need.action !== 'REJECT',
    conditions: rows.all(),
    texts: rows.texts,
    whole: rows.whole(),
  };
}

/** The columns of the table of a need. */
function itemsOf({ kind }: FlowNeed<Dialect>, { columns, amounts }: Shape): readonly string[] {
  const missing = ['bytes', 'packets'].filter((name) => !amounts.includes(name));
  return [
    'hour',
    'start',
    ...columns.map((name) => `"${name}"`),
    ...(kind === 'each' ? [] : ['flows']),
    ...(kind === 'hours' ? [...amounts, ...missing.map((name) => `CAST(NULL AS BIGINT) AS ${name}`)] : []),
  ];
}

function addressesIn(table: string, columns: readonly string[]): string {
  const items = ['srcaddr', 'dstaddr', 'interface_id'].map((name) =>
    columns.includes(name) ? name : `NULL AS ${name}`,
  );
  return `SELECT ${items.join(', ')} FROM ${table}`;
}
