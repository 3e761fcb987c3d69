import { type Query, type QueryClient, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Urgency } from '../../src/model/query/urgency.ts';

/** Key prefixes of queries in the background: lists beside the chart, and counts of values. */
export const BACKGROUND = 'aside';
export const COUNT = 'count';

/** Key prefixes of queries whose answers are charts. */
export const CHART = 'query';

/** Key prefix of the query whose answer is added to a chart that is already shown. */
export const TOTALS = 'totals';

/** The priority of a query on the server, by the prefix of its key. */
export function urgencyOf(kind: string): Urgency {
  if (kind === BACKGROUND) return 'list';
  if (kind === COUNT) return 'count';
  return kind === TOTALS ? 'totals' : 'chart';
}

/** Requests that the page makes regularly; the server answers them from memory. */
const ITSELF: readonly unknown[] = ['schema', 'names'];

type Keyed = Pick<Query, 'queryKey'>;

/** Whether the user waits for a query: the chart, or the content of a menu or dialog. */
export function isForeground({ queryKey: [kind] }: Keyed): boolean {
  return kind !== BACKGROUND && kind !== COUNT && !ITSELF.includes(kind);
}

/** Whether the page shows that a query is pending: all but counts. */
export function isShown({ queryKey: [kind] }: Keyed): boolean {
  return kind !== COUNT && !ITSELF.includes(kind);
}

/**
 * Queries that the user waits for run alone: when one starts, pending lists and counts are cancelled, in the engine
 * too, and repeated afterwards.
 */
export function prioritizeQueries(client: QueryClient): void {
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'fetch' || !isForeground(event.query)) return;
    void client.cancelQueries({ queryKey: [BACKGROUND] });
    void client.cancelQueries({ queryKey: [COUNT] });
  });
}

/** Cancels queries that were sent ahead for a view that will not be shown. */
export function cancelUnshown(client: QueryClient): void {
  void client.cancelQueries({
    predicate: (query) => query.queryKey[0] === CHART && query.getObserversCount() === 0,
  });
}

/**
 * Whether the query `key` of a list beside the chart may run: only when no query that the user waits for is pending,
 * and its answer is on the screen. Before that, the engine would compete with rendering for the processor.
 */
export function useBackgroundTurn(key: string): boolean {
  const client = useQueryClient();
  const busy = useIsFetching({ predicate: isForeground }) > 0;
  const [granted, grant] = useState<string | null>(null);
  useEffect(() => {
    if (busy) return;
    // By the second frame the first one is painted, and other queries of the same change have been sent.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (client.isFetching({ predicate: isForeground }) === 0) grant(key);
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [busy, key, client]);
  return !busy && granted === key;
}
