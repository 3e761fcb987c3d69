import type { AlertCondition } from '../model/alert/alert.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Answer, Cell } from '../model/query/answer.ts';
import type { SourceStatus } from '../model/source-status.ts';
import type { LogCoverage } from './log-coverage.ts';

/** What the evaluation of a condition needs. */
export interface AlertData {
  query(query: unknown): Promise<Answer>;
  /** The findings of all data, investigated once for all who ask at a time. */
  knocks(time: null): Promise<Knocks>;
  sources(): Promise<readonly SourceStatus[]>;
}

/** A series in which the condition holds. */
export interface Breach {
  readonly key: string;
  readonly label: Cell;
  readonly value: number | null;
  readonly threshold: number | null;
  /** Details for messages. */
  readonly row: Readonly<Record<string, Cell>>;
}

/** The result of an evaluation. */
export type Evaluation =
  | { readonly kind: 'known'; readonly breaches: readonly Breach[]; readonly about: About }
  | { readonly kind: 'no_data'; readonly reason: string; readonly about: About };

/** The evaluated window (Unix seconds) and query; null: the condition has no query. */
export interface About {
  readonly from: number;
  readonly to: number;
  readonly query: Readonly<Record<string, unknown>> | null;
}

/** The parameters of an evaluation besides the data. */
export interface EvaluationContext {
  /** The end of the window, in Unix seconds. */
  readonly at: number;
  readonly coverage: LogCoverage;
  /** Keys of series that fire already: an absence lasts until there are flows again. */
  readonly active: ReadonlySet<string>;
}

/** The conditions of one kind. */
export type ConditionOf<Kind extends AlertCondition['kind']> = AlertCondition & { readonly kind: Kind };
