import { useMemo } from 'react';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { useQueryJson } from '../data/use-answer.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { SplitChoice, View } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { type MapGraph, type MapLimits, type MapMeasure, graphOf } from './graph.ts';

/** Limits of the query: source parties, and destination parties of each. */
const MOST_SOURCES = 300;
const MOST_DESTINATIONS = 150;
/** Limit of the query for the side and VPC of parties: higher, since its busiest parties are not the same. */
const MOST_PLACES = 20_000;

/** The graph of a view's time and filters; null: not yet. */
export function useMap(
  view: View,
  range: Span,
  measure: MapMeasure,
  most: MapLimits,
  revision: number,
): {
  readonly graph: MapGraph | null;
  readonly stale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  /** The view whose table has the same rows. */
  readonly asView: View;
} {
  const asView = useMemo(
    () => viewWith(view, [split('src_party', MOST_SOURCES), split('dst_party', MOST_DESTINATIONS)]),
    [view],
  );
  const ask = (part: View): Record<string, unknown> => formatQuery(queryOf(part, range));
  const edges = useQueryJson(ask(asView), revision);
  const sources = useQueryJson(ask(placesOf(view, 'src')), revision);
  const destinations = useQueryJson(ask(placesOf(view, 'dst')), revision);
  const answers = [edges.data?.answer, sources.data?.answer, destinations.data?.answer];
  const [pairs, from, to] = answers;
  const graph = useMemo(
    () =>
      pairs === undefined || from === undefined || to === undefined
        ? null
        : graphOf({ edges: pairs, places: [from, to] }, measure, most),
    [pairs, from, to, measure, most],
  );
  return {
    graph,
    stale: edges.isPlaceholderData || sources.isPlaceholderData || destinations.isPlaceholderData,
    error: edges.error ?? sources.error ?? destinations.error,
    retry: () => void edges.refetch(),
    asView,
  };
}

/** The query for the side and VPC of each party. */
function placesOf(view: View, end: 'src' | 'dst'): View {
  return viewWith(view, [
    split(`${end}_party`, MOST_PLACES),
    split(`${end}_side`, 2),
    split(`${end}_vpc`, 1),
  ]);
}

function split(field: string, limit: number): SplitChoice {
  return { field, bucket: null, limit, sort: null };
}

function viewWith(view: View, splits: readonly SplitChoice[]): View {
  return {
    ...view,
    splits,
    measures: ['flows', 'bytes', 'rejected_flows'],
    chartMeasure: null,
    having: [],
    compare: null,
    visualization: 'table',
  };
}
