import { type Query, type QueryClient, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Urgency } from '../../src/model/query/urgency.ts';

/** How the keys of queries begin that nobody waits for: lists beside the chart, and counts of values. */
export const BACKGROUND = 'aside';
export const COUNT = 'count';

/** How the keys of questions begin whose answers are charts. */
export const CHART = 'query';

/** How the key of the question begins whose answer stands beside what a chart shows already. */
export const TOTALS = 'totals';

/** How urgent the server takes a query to be, by the beginning of its key. */
export function urgencyOf(kind: string): Urgency {
  if (kind === BACKGROUND) return 'list';
  if (kind === COUNT) return 'count';
  return kind === TOTALS ? 'totals' : 'chart';
}

/** What the page asks by itself, and at once: it is read off memory. */
const ITSELF: readonly unknown[] = ['schema', 'names'];

type Keyed = Pick<Query, 'queryKey'>;

/** Whether a query is one that the user waits for: the chart, or what a menu or dialog shows. */
export function isForeground({ queryKey: [kind] }: Keyed): boolean {
  return kind !== BACKGROUND && kind !== COUNT && !ITSELF.includes(kind);
}

/** Whether a query shows in the page: all but counts. */
export function isShown({ queryKey: [kind] }: Keyed): boolean {
  return kind !== COUNT && !ITSELF.includes(kind);
}

/**
 * What the user waits for has the engine to itself: as soon as it is asked, lists and counts that are on their way
 * are cancelled, in the engine too. They are asked again when it is their turn.
 */
export function prioritizeQueries(client: QueryClient): void {
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'fetch' || !isForeground(event.query)) return;
    void client.cancelQueries({ queryKey: [BACKGROUND] });
    void client.cancelQueries({ queryKey: [COUNT] });
  });
}

/** Cancels what was asked ahead for a view that is not shown and won't be: another one comes. */
export function cancelUnshown(client: QueryClient): void {
  void client.cancelQueries({
    predicate: (query) => query.queryKey[0] === CHART && query.getObserversCount() === 0,
  });
}

/**
 * Whether a list beside the chart may ask what `key` says: only once nothing that the user waits for is on its way, and
 * what came is on the screen. Until then the engine would take the processors that draw it.
 */
export function useBackgroundTurn(key: string): boolean {
  const client = useQueryClient();
  const busy = useIsFetching({ predicate: isForeground }) > 0;
  const [granted, grant] = useState<string | null>(null);
  useEffect(() => {
    if (busy) return;
    // By the second frame the first one is painted, and what else the same change makes the page ask is on its way.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (client.isFetching({ predicate: isForeground }) === 0) grant(key);
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [busy, key, client]);
  return !busy && granted === key;
}
