import type { Cell } from '../query/answer.ts';

/** What one value of a split (or all flows together) is in. */
type SeriesState = 'ok' | 'pending' | 'firing';
/** What an alert is in: the worst of its series, or why nothing is known of them. */
export type AlertStateName = SeriesState | 'no_data' | 'error';

/** A series of an alert that is not ok. Times are ISO 8601, UTC. */
export interface AlertSeries {
  /** Tells it from the other series of the alert; empty: all flows together. */
  readonly key: string;
  /** The value of the split that it is about; null: all flows together, or no value. */
  readonly label: Cell;
  readonly state: 'pending' | 'firing';
  /** Since when the condition holds: the end of the first window in which it did. */
  readonly since: string;
  /** Since when it fires; null: it is pending. */
  readonly fired_at: string | null;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly acknowledged: { readonly at: string; readonly note: string } | null;
}

/** A look that changed something, with the figures that decided. */
export interface AlertEvent {
  /** The end of the window. */
  readonly at: string;
  readonly key: string;
  readonly label: Cell;
  readonly state: AlertStateName;
  readonly value: number | null;
  readonly threshold: number | null;
  /** Why, where there is no figure. */
  readonly reason: string | null;
}

/** While it lasts, no message of an alert (or of one series of it) is sent. */
export interface AlertSilence {
  readonly id: string;
  /** Null: every series. */
  readonly key: string | null;
  readonly until: string;
  readonly reason: string;
}

/** What an alert is in, as it is shown. */
export interface AlertStatus {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly state: AlertStateName;
  /** Why, if there is no data or an error. */
  readonly reason: string | null;
  /** The end of the window that was looked at last; null: none yet. */
  readonly evaluated_to: string | null;
  readonly series: readonly AlertSeries[];
  readonly silences: readonly AlertSilence[];
  /** The latest first. */
  readonly history: readonly AlertEvent[];
  /** Messages that wait to be sent, and the last failure of each. */
  readonly waiting: readonly {
    readonly channel: string;
    readonly since: string;
    readonly error: string | null;
  }[];
}
