import type { FindingKind } from '../knocks/finding-kinds.ts';
import type { MeasureName } from '../catalog/measure-expression.ts';

/** A condition that is evaluated regularly, and who is notified when it holds (docs/alerts.md). */
export interface AlertContent {
  /** Not empty. */
  readonly name: string;
  /** Whether it is looked at. */
  readonly enabled: boolean;
  readonly condition: AlertCondition;
  /** How often, an ISO 8601 duration; looks are at multiples of it since 1970 UTC. */
  readonly every: string;
  /** How long after the end of a window its logs are waited for, an ISO 8601 duration. */
  readonly delay: string;
  /** How long the condition must hold before the alert fires, an ISO 8601 duration; null: it fires at once. */
  readonly for: string | null;
  /** Names of the channels that messages go to (docs/alerts.md). None: it is only shown. */
  readonly channels: readonly string[];
  /** What to do about it: goes with each message. */
  readonly note: string | null;
}

/** Flows that a condition is about, within a window that ends at the moment of the look. */
interface AboutFlows {
  /** The JSON of a query's `filter`. */
  readonly filter: readonly unknown[];
  /** An ISO 8601 duration that divides a day, or is one. */
  readonly window: string;
}

/** A measure of flows, of all together or for each value of a field on its own. */
interface AboutMeasure extends AboutFlows {
  readonly measure: MeasureName;
  /** The name of a field; null: all together. */
  readonly split: string | null;
}

export type AlertCondition =
  /** A measure above or below a number. */
  | (AboutMeasure & { readonly kind: 'amount'; readonly above: number | null; readonly below: number | null })
  /** A measure that has grown or shrunk by so many percent against an earlier window. */
  | (AboutMeasure & {
      readonly kind: 'change';
      /** How much earlier, an ISO 8601 duration. */
      readonly shift: string;
      readonly increase: number | null;
      readonly decrease: number | null;
      /** The larger of the two amounts must be so large. */
      readonly at_least: number;
    })
  /** Values of a field that no flow had before. */
  | (AboutFlows & {
      readonly kind: 'new_value';
      readonly field: string;
      /** How far back is looked for them, an ISO 8601 duration. */
      readonly known: string;
    })
  /** No flows, where the windows before had some. */
  | (AboutFlows & {
      readonly kind: 'absence';
      readonly split: string | null;
      /** In how many of the windows just before it there were flows: in all of them. */
      readonly windows: number;
    })
  /** A finding of the investigation that is not acknowledged, muted or solved. */
  | { readonly kind: 'finding'; readonly kinds: readonly FindingKind[]; readonly score: number }
  /** A followed source that is so far behind, or fails for so long. */
  | { readonly kind: 'source_lag'; readonly source: string | null; readonly lag: string }
  /** No logs at all for so long. */
  | { readonly kind: 'no_logs'; readonly lasting: string };

export const conditionKinds = [
  'amount',
  'change',
  'new_value',
  'absence',
  'finding',
  'source_lag',
  'no_logs',
] as const satisfies readonly AlertCondition['kind'][];

/** Values of a split that an alert follows, at most: those with most of the measure. */
export const MOST_SERIES = 1_000;
