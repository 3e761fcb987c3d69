import type { Columns } from './columns.ts';
import type { Connection } from './connection.ts';
import { newStaging, type Staging } from './write-transaction.ts';

/** Milliseconds that it is kept for the next transaction: as long as one follows the other. */
const KEPT = 1_000;

interface Spare {
  readonly staging: Staging;
  readonly connection: Connection;
}

/**
 * Where the last transaction staged its rows, for the next one, if that comes soon: the room for a million rows takes
 * longer to make, and to collect, than to fill.
 */
export class SpareStaging {
  #spare: Spare | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** Empty; what was kept, if it belongs to the same connection, else new. */
  take(connection: Connection, columns: Columns): Staging {
    const spare = this.#spare;
    this.#drop();
    if (spare?.connection !== connection) return newStaging(connection, columns);
    for (const records of spare.staging) records.use(columns);
    return spare.staging;
  }

  /** `staging` is empty, after a transaction that was committed. */
  keep(staging: Staging, connection: Connection): void {
    this.#drop();
    this.#spare = { staging, connection };
    this.#timer = setTimeout(() => this.#drop(), KEPT).unref();
  }

  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#spare = null;
  }
}
