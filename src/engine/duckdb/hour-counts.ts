import type { RecordBatch } from '../../model/record/record-batch.ts';

/** Logs are of a few hours; more are counted by DuckDB. */
const MOST_HOURS = 4_096;

/** How many staged rows each hour has: counting them here spares DuckDB two readings of all of them. */
export class HourCounts {
  readonly #counts = new Map<number, number>();
  #tooMany = false;

  /** Rows by hour, without those that have none; null: there are too many hours. */
  get counts(): ReadonlyMap<number, number> | null {
    return this.#tooMany ? null : this.#counts;
  }

  /** Counts the rows of a batch with a column `hour` (`stored-batch.ts`), or without. */
  add({ rows, columns }: RecordBatch): void {
    const hour = columns.find(({ field }) => field === 'hour');
    if (hour?.kind !== 'integer' || this.#tooMany) return;
    const { values, nulls } = hour;
    // Rows of an hour mostly lie together.
    for (let row = 0; row < rows;) {
      const value = values[row]!;
      let count = 0;
      for (; row < rows && values[row] === value; row++) if (nulls === null || nulls[row] === 0) count++;
      if (count > 0) this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    }
    this.#tooMany = this.#counts.size > MOST_HOURS;
  }

  empty(): void {
    this.#counts.clear();
    this.#tooMany = false;
  }
}
