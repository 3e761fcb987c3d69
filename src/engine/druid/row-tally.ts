import { isDerived } from '../../model/catalog/derived-field.ts';
import {
  type MeasureExpression,
  type MeasureName,
  measureExpression,
} from '../../model/catalog/measure-expression.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { Row } from './read-lines.ts';

/** Where rows have what is counted; -1: nowhere. */
export interface Places {
  readonly flows: number;
  readonly action: number;
  readonly bytes: number;
  readonly packets: number;
  /** The columns whose different values are counted; `hour`: the whole hours of the start. */
  readonly different: readonly (readonly [name: string, place: number])[];
}

/** A measure of some flows; null where it has no value. */
type Value = (tally: Tally) => number | null;

const NONE: readonly Set<unknown>[] = [];

/** What rows add up to. */
export class Tally {
  flows = 0;
  rejected = 0;
  /** Null: none of the flows has it. */
  bytes: number | null = null;
  packets: number | null = null;
  readonly #different: readonly Set<unknown>[];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
    this.#different = places.different.length === 0 ? NONE : places.different.map(() => new Set());
  }

  add(row: Row): void {
    const at = this.#places;
    const flows = Number(row[at.flows]);
    this.flows += flows;
    // Reading beside a list takes long.
    if (at.action >= 0 && row[at.action] === 'REJECT') this.rejected += flows;
    if (at.bytes >= 0) this.bytes = plus(this.bytes, row[at.bytes]);
    if (at.packets >= 0) this.packets = plus(this.packets, row[at.packets]);
    for (let i = 0; i < at.different.length; i++) {
      const [name, place] = at.different[i]!;
      const cell = row[place] ?? null;
      if (cell !== null) this.#different[i]!.add(name === 'hour' ? Math.floor(Number(cell) / 3600) : cell);
    }
  }

  /** Adds what others add up to. */
  addAll(other: Tally): void {
    this.flows += other.flows;
    this.rejected += other.rejected;
    this.bytes = plus(this.bytes, other.bytes);
    this.packets = plus(this.packets, other.packets);
    for (const [i, values] of other.#different.entries())
      for (const value of values) this.#different[i]!.add(value);
  }

  /** How many different values of a column there are. */
  different(column: string): number {
    const place = this.#places.different.findIndex(([name]) => name === column);
    return this.#different[place]?.size ?? 0;
  }

  /** Whether no sum is so large that it was rounded; then no sum of a part was either. */
  get isExact(): boolean {
    return [this.flows, this.bytes ?? 0, this.packets ?? 0].every(Number.isSafeInteger);
  }
}

/** A sum with one amount more; none adds nothing. */
function plus(sum: number | null, amount: unknown): number | null {
  return amount === null || amount === undefined ? sum : (sum ?? 0) + Number(amount);
}

const amountOf =
  (name: 'bytes' | 'packets'): Value =>
  (tally) =>
    tally.flows === 0 ? 0 : tally[name];
const differentOf =
  (name: string): Value =>
  (tally) =>
    tally.different(name);
const quotient =
  (of: Value, to: Value): Value =>
  (tally) => {
    const [a, b] = [of(tally), to(tally)];
    return a === null || b === null || b === 0 ? null : a / b;
  };
const flowsOf: Value = ({ flows }) => flows;
const rejectedOf: Value = ({ rejected }) => rejected;

/** How a measure follows from what flows add up to, as in `sql/plan/component.ts`; null: it does not. */
export function tallied(measure: MeasureName): Value | null {
  return valueOf(measureExpression(measure));
}

function valueOf(expression: MeasureExpression): Value | null {
  switch (expression.kind) {
    case 'distinct':
      return isDerived(fieldOf(expression.field)) ? null : differentOf(expression.field);
    case 'ratio': {
      const [of, to] = [valueOf(expression.of), valueOf(expression.to)];
      return of === null || to === null ? null : quotient(of, to);
    }
    case 'percentile':
    case 'per_second':
      return null;
    case 'catalog':
      switch (expression.name) {
        case 'flows':
          return flowsOf;
        case 'bytes':
        case 'packets':
          return amountOf(expression.name);
        case 'rejected_flows':
          return rejectedOf;
        case 'rejected_share':
          return quotient(rejectedOf, flowsOf);
        case 'bytes_per_flow':
          return quotient(({ bytes }) => bytes, flowsOf);
        case 'unique_sources':
          return differentOf('srcaddr');
        case 'unique_destinations':
          return differentOf('dstaddr');
        case 'hours_active':
          return differentOf('hour');
        default:
          return null;
      }
  }
}
