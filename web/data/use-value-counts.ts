import { type QueryClient, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Answer } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';
import { postJson } from './api.ts';
import { COUNT, isShown, urgencyOf } from './query-priority.ts';

/** How long the page must be idle before anything is counted, in milliseconds. */
const REST = 700;

/** After a count that takes longer than this (milliseconds), nothing more is counted automatically. */
const CHEAP = 800;

export interface ValueCounts {
  /** How many different values a field has under the view's time and filters, exact; undefined: not counted yet. */
  readonly of: (field: string) => number | undefined;
  /** Counts a field's values next, since the user looks at it. */
  readonly want: (field: string) => void;
}

/**
 * Counts the values of fields one after the other while no other query is pending; any other query comes first and
 * cancels the count, in the engine too. If counting is slow, only fields that the user looks at are counted.
 */
export function useValueCounts(
  view: View,
  fields: readonly string[],
  revision: number,
  askable: boolean,
): ValueCounts {
  const client = useQueryClient();
  const busy = useIsFetching({ predicate: isShown }) > 0 || !askable;
  const { time, filters, timezone } = view;
  // Only what selects flows matters.
  const selection = useMemo(
    () => ({ ...view, time, filters, timezone, having: [], splits: [], compare: null }),
    // oxlint-disable-next-line react/exhaustive-deps -- the rest of the view changes no count
    [time, filters, timezone],
  );
  const [, redraw] = useState(0);
  /** Fields that the user looked at while another query was pending. */
  const wanted = useRef<string | null>(null);
  const count = useCallback(
    async (field: string): Promise<number> => {
      const { ms } = await client.fetchQuery(countQuery(selection, field, revision));
      redraw((times) => times + 1);
      return ms;
    },
    [client, selection, revision],
  );

  useEffect(() => {
    if (busy) return;
    let stopped = false;
    const all = async (): Promise<void> => {
      const first = wanted.current;
      wanted.current = null;
      for (const field of first === null ? fields : [first, ...fields]) {
        if (stopped) return;
        if (known(client, selection, field, revision) !== undefined) continue;
        if ((await count(field)) > CHEAP) return;
      }
    };
    // A cancelled count is repeated when the page is idle again.
    const timer = setTimeout(() => void all().catch(() => undefined), REST);
    return () => {
      stopped = true;
      clearTimeout(timer);
      void client.cancelQueries({ queryKey: [COUNT] });
    };
  }, [busy, client, fields, selection, revision, count]);

  return {
    of: (field) => known(client, selection, field, revision),
    want: (field) => {
      if (busy) wanted.current = field;
      else if (known(client, selection, field, revision) === undefined)
        void count(field).catch(() => undefined);
    },
  };
}

interface Counted {
  readonly values: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

function known(client: QueryClient, selection: View, field: string, revision: number): number | undefined {
  return client.getQueryData<Counted>(countQuery(selection, field, revision).queryKey)?.values;
}

function countQuery(
  selection: View,
  field: string,
  revision: number,
): {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Counted>;
} {
  const view: View = {
    ...selection,
    measures: ['flows'],
    // Flows without a value have none to be counted.
    filters: [...selection.filters, { kind: 'in', field, values: [null], not: true }],
    splits: [{ field, bucket: null, limit: 1, sort: null }],
  };
  // No split is by time here, so the range selects no bucket size. The number beyond the limit is shown.
  const json = { ...formatQuery(queryOf(view, { from: 0, to: 1 })), subtotals: false };
  return {
    queryKey: [COUNT, json, revision],
    queryFn: async ({ signal }) => {
      const answer = await postJson<Answer>('/api/v1/query', json, signal, urgencyOf(COUNT));
      const cut = answer.other?.reduce((sum, { groups }) => sum + groups, 0) ?? 0;
      return { values: answer.rows.length + cut, ms: answer.stats.ms };
    },
  };
}
