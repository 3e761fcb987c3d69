import type { Cell } from '../../model/query/answer.ts';
import type { CallOptions, StoreService } from '../../service/store-service.ts';
import type { ExportTable } from '../../export/table.ts';

const PAGE = 10_000;
/** Milliseconds; whole seconds, as flows begin. */
const FIRST_WINDOW = 60_000;

type Rows = readonly (readonly Cell[])[];
type Page = Awaited<ReturnType<typeof pageOf>>;

/** The selection of raw flows to export: the `time`, `filter` and `timezone` of a query. */
export interface Selection {
  readonly time?: unknown;
  readonly filter?: readonly unknown[];
  readonly timezone?: unknown;
}

/**
 * All raw flows of a selection, by their start. They are read in windows of time that grow and shrink so as to
 * hold about a page each: the engine then never orders more than it hands over, and a late page costs no more
 * than an early one. The first page is read at once: a selection that is wrong rejects here.
 */
export async function recordsTable(
  service: StoreService,
  selection: Selection,
  options: CallOptions,
): Promise<ExportTable> {
  const read = (request: object): Promise<Page> => pageOf(service, request, options);
  const { time, filter = [], timezone } = selection;
  const base = { filter, ...(timezone === undefined ? {} : { timezone }) };
  const probe = { ...base, ...(time === undefined ? {} : { time }), measures: ['flows'] };
  const { range } = await service.query(probe, options);
  const { store } = await service.schema();
  const oldest = store.from === null ? Infinity : Date.parse(store.from);
  const newest = store.to === null ? -Infinity : Date.parse(store.to);
  // A range may reach beyond years of four digits; flows don't.
  const begin = range === null ? oldest : Math.max(oldest, Date.parse(range.from));
  const end = range === null ? newest : Math.min(newest, Date.parse(range.to));
  const within = (from: number, until: number, offset: number): Promise<Page> => {
    const time = { from: new Date(from).toISOString(), to: new Date(until).toISOString() };
    return read({ ...base, time, offset });
  };
  let window = FIRST_WINDOW;
  const first =
    begin < end ? await within(begin, Math.min(end, begin + window), 0) : await read({ ...base, offset: 0 });
  const columns = first.columns.map(({ name, type }) => ({
    name,
    type: type === 'number' ? ('integer' as const) : type === 'address' ? ('text' as const) : type,
  }));
  return { columns, chunks: walk() };

  async function* walk(): AsyncGenerator<Rows> {
    let page = first;
    for (let from = begin; from < end;) {
      const until = Math.min(end, from + window);
      let offset = 0;
      for (;;) {
        if (page.rows.length > 0) yield page.rows;
        offset += page.rows.length;
        if (!page.more) break;
        page = await within(from, until, offset);
      }
      if (offset < PAGE / 2) window *= 2;
      else if (offset > PAGE) window = Math.max(1000, Math.floor((window * PAGE) / offset / 1000) * 1000);
      from = until;
      if (from < end) page = await within(from, Math.min(end, from + window), 0);
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
  return service.records({ ...request, limit: PAGE, order }, options);
}
