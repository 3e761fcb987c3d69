import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { RecordsPage } from '../../src/model/query/records-page.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { type View, newestFirst } from '../../src/view/view.ts';
import { postJson } from './api.ts';

const PAGE = 200;
const none: readonly never[] = [];

export interface RecordsState {
  readonly columns: RecordsPage['columns'];
  readonly rows: readonly (readonly Cell[])[];
  /** Statistics of the newest page; null before the first page. */
  readonly stats: RecordsPage['stats'] | null;
  readonly more: boolean;
  readonly stale: boolean;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly next: () => void;
  readonly retry: () => void;
}

/** The raw flows behind a view's time and filters, in its order, a page at a time. */
export function useRecords(view: View, revision: number): RecordsState {
  const { time, filter } = formatQuery(queryOf({ ...view, splits: [] }, { from: 0, to: 1 }));
  const order = view.recordsOrder ?? newestFirst;
  const selection = { time, filter, timezone: view.timezone, order };
  const query = useInfiniteQuery({
    queryKey: ['records', selection, revision],
    initialPageParam: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      postJson<RecordsPage>('/api/v1/records', { ...selection, limit: PAGE, offset: pageParam }, signal),
    getNextPageParam: (last, pages) => (last.more ? pages.length * PAGE : undefined),
  });
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? none, [data]);
  return {
    columns: data?.pages[0]?.columns ?? none,
    rows,
    stats: data?.pages.at(-1)?.stats ?? null,
    more: query.hasNextPage,
    stale: query.isPlaceholderData,
    loading: query.isFetching,
    error: query.error,
    next: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
    retry: () => void query.refetch(),
  };
}
