import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { ALERTS } from '../data/location.ts';
import { type AlertDraft, emptyDraft } from './alert-draft.ts';

/** The path of the alerts page with a form for a new alert that is filled in from a query. */
export function newAlertPath(query: Query): string {
  const { filter = [] } = formatQuery(query);
  const split = query.splits.find(({ field }) => field !== 'time')?.field ?? '';
  const about = { filter, measure: query.measures[0] ?? 'flows', split };
  return `${ALERTS}?new=${encodeURIComponent(JSON.stringify(about))}`;
}

/** The form that a link opens; null: none. Parts that can't be parsed are as in an empty form. */
export function draftFromLink(search: string): AlertDraft | null {
  const json = new URLSearchParams(search).get('new');
  if (json === null) return null;
  try {
    const { filter, measure, split } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    return {
      ...emptyDraft,
      filter: Array.isArray(filter) ? JSON.stringify(filter) : emptyDraft.filter,
      measure: typeof measure === 'string' ? measure : emptyDraft.measure,
      split: typeof split === 'string' ? split : emptyDraft.split,
    };
  } catch {
    return emptyDraft;
  }
}
