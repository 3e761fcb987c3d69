import type { AlertStatus } from '../model/alert/alert-state.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { stateOf } from './advance-state.ts';
import { recordOf, type AlertBook } from './alert-book.ts';
import { iso } from './log-coverage.ts';

/** What alerts are in, by what is kept of them. */
export function statusesOf(
  documents: readonly StoredDocument<'alerts'>[],
  book: AlertBook,
): readonly AlertStatus[] {
  return documents.map(({ id, content }) => {
    const kept = recordOf(book, id, content);
    const record = content.enabled ? kept : { ...kept, evaluatedTo: null, trouble: null, series: [] };
    return {
      id,
      name: content.name,
      enabled: content.enabled,
      state: stateOf(record),
      reason: record.trouble?.reason ?? null,
      evaluated_to: record.evaluatedTo === null ? null : iso(record.evaluatedTo),
      series: record.series,
      silences: record.silences,
      history: record.history,
      waiting: book.outbox
        .filter(({ message }) => message.alert.id === id)
        .map(({ channel, since, error }) => ({ channel, since: new Date(since).toISOString(), error })),
    };
  });
}
