import type { Cell } from '../../model/query/answer.ts';
import type { CallOptions, StoreService } from '../../service/calls.ts';
import type { ExportTable } from './table.ts';

const PAGE = 10_000;

type Rows = readonly (readonly Cell[])[];
type Page = Awaited<ReturnType<typeof pageOf>>;

/** What to export raw flows of: the `time`, `filter` and `timezone` of a query. */
export interface Selection {
  readonly time?: unknown;
  readonly filter?: readonly unknown[];
  readonly timezone?: unknown;
}

/**
 * All raw flows of a selection, by their start, page by page. Each page begins where the one before ended in
 * time, so that a late page costs no more than an early one. The first page is read at once: a selection that
 * is wrong rejects here.
 */
export async function recordsTable(
  service: StoreService,
  selection: Selection,
  timeoutMs: number,
  options: CallOptions,
): Promise<ExportTable> {
  const read = (request: object): Promise<Page> => pageOf(service, request, timeoutMs, options);
  const { time, filter = [], timezone } = selection;
  const base = { filter, ...(timezone === undefined ? {} : { timezone }) };
  const probe = { ...base, ...(time === undefined ? {} : { time }), measures: ['flows'] };
  const { range } = await service.call('query', { query: probe, timeoutMs }, options);
  const { store } = await service.call('schema', {}, options);
  const to = range?.to ?? store.to;
  const started = { ...base, ...(to === null ? {} : { time: { from: range?.from ?? store.from, to } }) };
  const first = await read({ ...started, offset: 0 });
  const columns = first.columns.map(({ name, type }) => ({
    name,
    type: type === 'number' ? ('integer' as const) : type === 'address' ? ('text' as const) : type,
  }));
  const at = columns.findIndex((column) => column.name === 'start');
  return { columns, chunks: walk() };

  async function* walk(): AsyncGenerator<Rows> {
    let page = first;
    let offset = 0;
    let from: Cell = null;
    for (;;) {
      yield page.rows;
      if (!page.more) break;
      const last = page.rows.at(-1)?.[at] ?? null;
      if (typeof last !== 'string') break;
      const same = countFromEnd(page.rows, at, last);
      offset = last === from ? offset + page.rows.length : same;
      from = last;
      page = await read({ ...started, time: { from, to }, offset });
    }
    if (range === null) yield* startless();
  }

  /** Flows without a start lie in no time: of all time they are a part. */
  async function* startless(): AsyncGenerator<Rows> {
    const request = { ...base, filter: [...filter, { field: 'start', in: [null] }] };
    for (let offset = 0; ; offset += PAGE) {
      const page = await read({ ...request, offset });
      if (page.rows.length > 0) yield page.rows;
      if (!page.more) return;
    }
  }
}

async function pageOf(
  service: StoreService,
  request: object,
  timeoutMs: number,
  options: CallOptions,
): Promise<{
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'text' | 'address' | 'number' | 'time';
  }[];
  readonly rows: Rows;
  readonly more: boolean;
}> {
  const order = { field: 'time', order: 'asc' };
  return service.call('records', { request: { ...request, limit: PAGE, order }, timeoutMs }, options);
}

function countFromEnd(rows: Rows, at: number, value: Cell): number {
  let count = 0;
  while (count < rows.length && rows[rows.length - 1 - count]?.[at] === value) count++;
  return count;
}
