import type { AlertStatus } from '../model/alert/alert-state.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { stateOf } from './advance-state.ts';
import { recordOf, type AlertRecords } from './alert-records.ts';
import { iso } from './log-coverage.ts';

/** The states of alerts, from the stored ones. */
export function statusesOf(
  documents: readonly StoredDocument<'alerts'>[],
  records: AlertRecords,
): readonly AlertStatus[] {
  return documents.map(({ id, content }) => {
    const kept = recordOf(records, id, content);
    const record = content.enabled ? kept : { ...kept, evaluatedTo: null, trouble: null, series: [] };
    return {
      id,
      name: content.name,
      enabled: content.enabled,
      state: stateOf(record),
      reason: record.trouble?.reason ?? null,
      evaluated_to: record.evaluatedTo === null ? null : iso(record.evaluatedTo),
      series: record.series.map(({ notified: _notified, late: _late, ...series }) => series),
      silences: record.silences,
      history: record.history,
      waiting: records.outbox
        .filter(({ message }) => message.alert.id === id)
        .map(({ channel, since, error }) => ({ channel, since: new Date(since).toISOString(), error })),
    };
  });
}
