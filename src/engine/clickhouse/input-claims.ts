import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import { InputsTaken } from '../input-register.ts';
import type { ClickHouseServer } from './server.ts';

/** Seconds for which a claim holds without a commit: whoever made it has ended. */
const LEASE = 60;
/** Milliseconds between two looks at what others do. */
const LOOK_EVERY = 100;

export interface ClaimOptions {
  readonly lease?: number;
}

/**
 * Lets one batch of several processes have an input that they all take in at the same moment. ClickHouse has no locks, so each
 * batch first says what it is about to commit, and then looks what others say: of two at least one sees the other. Whoever
 * began later takes back what it said and waits for the other; whoever began first waits until it did. Times are the server's.
 */
export class InputClaims {
  readonly #server: ClickHouseServer;
  readonly #lease: number;

  constructor(server: ClickHouseServer, { lease = LEASE }: ClaimOptions = {}) {
    this.#server = server;
    this.#lease = lease;
  }

  /**
   * Returns once no other batch can bring these inputs any more, and the batch may be committed, which it must be soon.
   * Throws `InputsTaken` for those that another one brought; `store_busy` where others don't come to an end.
   */
  async settle(batch: bigint, hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    let turn = 0;
    let claimed = false;
    const say = async (gone: boolean): Promise<void> => {
      turn++;
      await this.#server.insert(
        'input_claim',
        hashes.map((sha256) => ({ sha256, batch, turn, gone })),
      );
      claimed = !gone;
    };
    for (const end = performance.now() + 5 * this.#lease * 1000; performance.now() < end;) {
      if (!claimed) await say(false);
      const taken = await this.#committed(batch, hashes);
      if (taken.length > 0) throw new InputsTaken(taken);
      const others = await this.#others(batch, hashes);
      // One that was committed between the two looks is seen by another look only.
      if (others.length === 0) {
        const late = await this.#committed(batch, hashes);
        if (late.length > 0) throw new InputsTaken(late);
        return;
      }
      if (others.some((other) => other < batch)) {
        await say(true);
        await this.#untilGone(batch, hashes, end);
      } else await sleep(LOOK_EVERY);
    }
    throw new PeepholeError(
      'store_busy',
      'Other processes are taking in the same inputs, and have not come to an end. Try again later.',
    );
  }

  /** Waits while batches that began before this one claim the inputs. */
  async #untilGone(batch: bigint, hashes: readonly string[], end: number): Promise<void> {
    while (performance.now() < end) {
      const others = await this.#others(batch, hashes);
      if (!others.some((other) => other < batch)) return;
      await sleep(LOOK_EVERY);
    }
  }

  /** Which of the inputs are in, by another batch. */
  async #committed(batch: bigint, hashes: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#server.rows(
      `SELECT DISTINCT sha256 FROM input_row WHERE batch != {p1:UInt64} AND batch NOT IN (SELECT batch FROM unfinished_batch)
       AND sha256 IN (SELECT arrayJoin(JSONExtract({p2:String}, 'Array(String)')))`,
      [batch, JSON.stringify(hashes)],
    );
    return rows.map(([sha256]) => String(sha256));
  }

  /** Other batches that are not committed and claim any of them. */
  async #others(batch: bigint, hashes: readonly string[]): Promise<readonly bigint[]> {
    const rows = await this.#server.rows(
      `SELECT batch FROM input_claim
       WHERE batch != {p1:UInt64} AND batch IN (SELECT batch FROM unfinished_batch)
         AND sha256 IN (SELECT arrayJoin(JSONExtract({p2:String}, 'Array(String)')))
       GROUP BY batch HAVING NOT argMax(gone, turn) AND max(at) > now64(3) - INTERVAL ${this.#lease} SECOND`,
      [batch, JSON.stringify(hashes)],
    );
    return rows.map(([other]) => other as bigint);
  }
}
