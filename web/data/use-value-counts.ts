import { type QueryClient, isCancelledError, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';
import { countBatches } from '../state/count-batches.ts';
import { postJson } from './api.ts';
import { COUNT, isShown, urgencyOf } from './query-priority.ts';
import type { Schema } from './use-schema.ts';

/** How long the page must be idle before anything is counted, in milliseconds. */
const REST = 700;

/** After a count that takes longer than this for each field (milliseconds), nothing more is counted automatically. */
const CHEAP = 800;

export interface ValueCounts {
  /** How many different values a field has under the view's time and filters, exact; undefined: not counted yet. */
  readonly of: (field: string) => number | undefined;
  /** Counts a field's values next, since the user looks at it. */
  readonly want: (field: string) => void;
}

/** What values are counted of. */
interface Selection {
  readonly view: View;
  /** What tells it from others: the prefix of the keys of its counts. */
  readonly key: readonly unknown[];
}

/**
 * Counts the values of fields, many in one question (`count-batches.ts`), while no other query is pending; any other
 * query comes first and cancels the count, in the engine too. Each is counted once for a selection of flows; when others come in
 * sight, what is under way goes on. If counting is slow, only fields that the user looks at are counted.
 */
export function useValueCounts(
  view: View,
  fields: readonly string[],
  { revision, countsTogether }: Pick<Schema, 'revision' | 'countsTogether'>,
  askable: boolean,
): ValueCounts {
  const client = useQueryClient();
  const busy = useIsFetching({ predicate: isShown }) > 0 || !askable;
  const { time, filters, timezone } = view;
  const selection = useMemo((): Selection => {
    // Only what selects flows matters.
    const all: View = {
      ...view,
      measures: ['flows'],
      having: [],
      splits: [],
      compare: null,
    };
    return { view: all, key: [COUNT, JSON.stringify(questionOf(all)), revision] };
    // oxlint-disable-next-line react/exhaustive-deps -- the rest of the view changes no count
  }, [time, filters, timezone, revision]);
  const [, redraw] = useState(0);
  /** A field that the user looked at while another query was pending. */
  const wanted = useRef<string | null>(null);
  const pending = useRef(new Map<string, Promise<unknown>>());
  /** Resolves to the milliseconds that it took for each field. */
  const count = useCallback(
    async (some: readonly string[]): Promise<number> => {
      const counting = client.fetchQuery({
        queryKey: [...selection.key, some],
        queryFn: ({ signal }) => {
          const [field] = some;
          return countsTogether || field === undefined
            ? askCounts(selection.view, some, signal)
            : askGroups(selection.view, field, signal);
        },
        // The counts are kept one by one.
        gcTime: 0,
      });
      for (const field of some) pending.current.set(field, counting);
      try {
        const { values, ms } = await counting;
        for (const [i, field] of some.entries()) client.setQueryData(keyOf(selection, field), values[i] ?? 0);
        redraw((times) => times + 1);
        return ms / some.length;
      } finally {
        for (const field of some) if (pending.current.get(field) === counting) pending.current.delete(field);
      }
    },
    [client, selection, countsTogether],
  );

  useEffect(() => {
    if (busy) return;
    return () => void client.cancelQueries({ queryKey: [COUNT] });
  }, [busy, client, selection]);

  useEffect(() => {
    if (busy) return;
    let stopped = false;
    const failed = new Set<string>();
    const missing = (some: readonly string[]): readonly string[] =>
      some.filter((field) => !failed.has(field) && known(client, selection, field) === undefined);
    const all = async (): Promise<void> => {
      await Promise.allSettled(pending.current.values());
      while (!stopped) {
        const looked = missing(wanted.current === null ? [] : [wanted.current]);
        wanted.current = null;
        const [next] = countBatches(looked.length > 0 ? looked : missing(fields), countsTogether);
        if (next === undefined) return;
        try {
          if ((await count(next)) > CHEAP) return;
        } catch (error) {
          if (isCancelledError(error)) return;
          // Another one may do: flows that only totals are left of have no source ports, say.
          for (const field of next) failed.add(field);
        }
      }
    };
    // A cancelled count is repeated when the page is idle again.
    const timer = setTimeout(() => void all(), REST);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [busy, client, fields, selection, countsTogether, count]);

  return {
    of: (field) => known(client, selection, field),
    want: (field) => {
      if (busy) wanted.current = field;
      else if (known(client, selection, field) === undefined && !pending.current.has(field))
        void count([field]).catch(() => undefined);
    },
  };
}

interface Counted {
  /** In the order of the fields. */
  readonly values: readonly number[];
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

function keyOf({ key }: Selection, field: string): readonly unknown[] {
  return [...key, field];
}

function known(client: QueryClient, selection: Selection, field: string): number | undefined {
  return client.getQueryData<number>(keyOf(selection, field));
}

/** No split is by time here, so the range selects no bucket size. */
function questionOf(view: View): Record<string, unknown> {
  return { ...formatQuery(queryOf(view, { from: 0, to: 1 })), subtotals: false };
}

async function askCounts(view: View, fields: readonly string[], signal: AbortSignal): Promise<Counted> {
  const measures = fields.map((field): MeasureName => `distinct(${field})`);
  const { rows, stats } = await ask({ ...questionOf({ ...view, measures }), other: false }, signal);
  return { values: (rows[0] ?? []).map(Number), ms: stats.ms };
}

/** The same of one field, by the groups that a limit cuts: Druid counts these without sending them. */
async function askGroups(view: View, field: string, signal: AbortSignal): Promise<Counted> {
  const split = { field, bucket: null, limit: 1, sort: null };
  // Flows without a value have none to be counted.
  const filters: View['filters'] = [...view.filters, { kind: 'in', field, values: [null], not: true }];
  const { rows, other, stats } = await ask(questionOf({ ...view, filters, splits: [split] }), signal);
  const cut = other?.reduce((sum, { groups }) => sum + groups, 0) ?? 0;
  return { values: [rows.length + cut], ms: stats.ms };
}

function ask(question: Record<string, unknown>, signal: AbortSignal): Promise<Answer> {
  return postJson<Answer>('/api/v1/query', question, signal, urgencyOf(COUNT));
}
