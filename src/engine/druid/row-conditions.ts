import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Clause } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { inRange, pushedCondition } from '../../sql/dialects/druid/druid-conditions.ts';
import { HAS_START, START_SECOND } from '../../sql/dialects/druid/druid-layout.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { visible } from './seen-batches.ts';
import type { StoredFlows } from './stored-flows.ts';
import { type WholeRows, isWholeHours, wholeWithin } from './whole-answer.ts';

/** Conditions on rows, whose texts are bound in the order in which they come. */
export class RowConditions {
  readonly texts: string[] = [];
  readonly #stored: StoredFlows;
  readonly #always: readonly string[];
  readonly #seenTexts: readonly string[];
  readonly #wanted: string[] = [];
  #ranges: readonly ResolvedRange[] | null = null;
  #alternative: string | null = null;
  #untimed = false;

  constructor(stored: StoredFlows) {
    this.#stored = stored;
    this.#always = visible(stored.seen, this.#bind);
    this.#seenTexts = [...this.texts];
  }

  /** @returns the clauses that nobody else has to look at; none unless `alone` */
  push(clauses: readonly Clause[], alone: boolean): readonly Clause[] {
    return clauses.filter((clause) => {
      const field = fieldOf(clause.field);
      if (isDerived(field) || !this.#stored.columns.has(field.name)) return false;
      const pushed = pushedCondition(clause, field, this.#bind);
      if (pushed !== null) this.#wanted.push(pushed.sql);
      return alone && pushed?.exact === true;
    });
  }

  /** Rows of some times; none: of all. */
  within(ranges: readonly ResolvedRange[]): void {
    if (ranges.length === 0) return;
    this.#ranges = ranges;
    this.#wanted.push(`(${ranges.map(inRange).join(' OR ')})`);
  }

  /** Rows of a condition. */
  also(condition: string): void {
    this.#wanted.push(condition);
  }

  /** Rows without a time. */
  untimed(): void {
    this.#untimed = true;
    this.#wanted.push(`NOT (${HAS_START})`);
  }

  /** Also the flows that decide who started a conversation: those whose ports do not show it, and the first of all. */
  orOpen(first: number): void {
    const rank = (port: string): string =>
      `CASE WHEN ${port} < 1024 THEN 0 WHEN ${port} < 32768 THEN 1 WHEN ${port} IS NOT NULL THEN 2 END`;
    const open = `("protocol" IN (6, 17, 33, 132) AND ${rank('"srcport"')} = ${rank('"dstport"')})`;
    const has = ['protocol', 'srcport', 'dstport'].every((name) => this.#stored.columns.has(name));
    this.#alternative = `${START_SECOND} <= ${first}${has ? ` OR ${open}` : ''}`;
  }

  /** All of them. */
  all(): readonly string[] {
    if (this.#alternative === null || this.#wanted.length === 0) return [...this.#always, ...this.#wanted];
    return [...this.#always, `((${this.#wanted.join(' AND ')}) OR ${this.#alternative})`];
  }

  /** What shows that no row is missing. */
  whole(): WholeRows {
    const ranges = this.#alternative === null ? this.#ranges : null;
    const clauses = this.#wanted.length - (this.#ranges === null ? 0 : 1);
    if (this.#untimed) {
      const timed = [...this.#stored.hours.values()].reduce((sum, count) => sum + count, 0);
      return {
        conditions: [...this.#always, `NOT (${HAS_START})`],
        texts: this.#seenTexts,
        flows: this.#stored.flows - timed,
        same: this.#wanted.length === 1,
      };
    }
    return {
      ...wholeWithin(ranges, this.#stored, this.#always, this.#seenTexts),
      same: clauses === 0 && this.#alternative === null && (ranges ?? []).every(isWholeHours),
    };
  }

  #bind = (text: string): string => {
    this.texts.push(text);
    return '?';
  };
}
