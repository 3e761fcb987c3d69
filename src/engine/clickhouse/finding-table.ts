import type { FindingRecord } from '../../model/knocks/finding-record.ts';
import type { FindingChanges, FindingRegister } from '../finding-register.ts';
import type { ClickHouseServer } from './server.ts';

/**
 * The records of findings, each as JSON. A change is one insert of what is otherwise now; the latest counts. Changes of one
 * process wait for each other, of two processes the later one stands.
 */
export class FindingTable implements FindingRegister {
  readonly #server: ClickHouseServer;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: ClickHouseServer) {
    this.#server = server;
  }

  async all(): Promise<readonly FindingRecord[]> {
    const rows = await this.#server.rows(
      'SELECT argMax(record, at) AS latest FROM finding_row GROUP BY id HAVING NOT argMax(gone, at)',
    );
    const records = rows.map(([record]) => JSON.parse(String(record)) as FindingRecord);
    const firstTold = ({ first_told: told, since }: FindingRecord): number => told ?? since;
    return records.toSorted((a, b) => firstTold(a) - firstTold(b) || (a.id < b.id ? -1 : 1));
  }

  change<T extends FindingChanges>(change: (records: readonly FindingRecord[]) => T): Promise<T> {
    const work = async (): Promise<T> => {
      const changes = change(await this.all());
      const [row] = await this.#server.rows('SELECT max(at) FROM finding_row');
      const at = ((row?.[0] ?? 0n) as bigint) + 1n;
      await this.#server.insert('finding_row', [
        ...changes.forgotten.map((id) => ({ at, id, record: '', gone: true })),
        ...changes.changed.map((record) => ({
          at,
          id: record.id,
          record: JSON.stringify(record),
          gone: false,
        })),
      ]);
      return changes;
    };
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
