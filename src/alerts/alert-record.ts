import type { AlertEvent, AlertSeries, AlertSilence } from '../model/alert/alert-state.ts';
import type { OpenWindow } from './late-windows.ts';
import type { LostWindows } from './lost-windows.ts';
import type { WindowRun, WindowTimeline } from './window-timeline.ts';

/** A series, and what was reported about it. */
export interface StoredSeries extends AlertSeries {
  /** Whether its channels were notified that it fires; absent: written by an earlier version. */
  readonly notified?: boolean;
  /** It held in the past only, as logs that came late say: the next window in order ends it. */
  readonly late?: boolean;
}

/** The stored state of an alert between evaluations. */
export interface AlertRecord {
  /** The end of the latest window that was due, in Unix seconds; null: none yet. */
  readonly evaluatedTo: number | null;
  /** The end of the latest window that had data; null: none yet. */
  readonly dataTo?: number | null;
  /** Windows to evaluate that wait: for their logs, to be evaluated again, or after an error. The earliest first. */
  readonly open?: readonly OpenWindow[];
  /** The windows that were given up last, since too many waited; absent: none. */
  readonly lost?: LostWindows;
  /** In which windows each series held; absent: written by an earlier version. */
  readonly timeline?: WindowTimeline;
  /** By series, the episodes of the past in which it fired: none is reported twice. */
  readonly past?: Readonly<Record<string, readonly WindowRun[]>>;
  /** Series that ended in a silence, although channels were notified that they fire. */
  readonly unsentEnds?: readonly StoredSeries[];
  /** Whether channels were notified of an error that lasts. */
  readonly errorNotified?: boolean;
  /** Why the current state is unknown; null: it is known. */
  readonly trouble: { readonly state: 'no_data' | 'error'; readonly reason: string } | null;
  /** Those that are not ok. */
  readonly series: readonly StoredSeries[];
  readonly silences: readonly AlertSilence[];
  /** The latest first. */
  readonly history: readonly AlertEvent[];
}

export const newRecord: AlertRecord = {
  evaluatedTo: null,
  trouble: null,
  series: [],
  silences: [],
  history: [],
};
