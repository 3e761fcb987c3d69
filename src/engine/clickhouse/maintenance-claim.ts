import { PeepholeError } from '../../model/errors.ts';
import type { ClickHouseServer } from './server.ts';

/** What a process says in `input_claim` that rewrites or drops rows, instead of a hash. */
const CLAIM = 'rollups';
/** Seconds after which a process that said so and no more has ended; how often, in milliseconds, one that is at it says so again. */
const LEASE = 120;
const RENEW = 20_000;

/**
 * Does work that no other process may do at the same time: rollups must not be added up of rows that are being dropped, since the
 * sums would bring them back. ClickHouse has no locks: a process says what it is about to do, and then looks whether others said so
 * too. Of two that begin at the same moment at least one steps back.
 *
 * @param batch the id of a batch that no other has
 * @throws `store_busy` while another process is at it
 */
export async function claimMaintenance<T>(
  server: ClickHouseServer,
  batch: bigint,
  work: () => Promise<T>,
): Promise<T> {
  let turn = 0;
  const say = (gone: boolean): Promise<void> =>
    server.insert('input_claim', [{ sha256: CLAIM, batch, turn: ++turn, gone }]);
  await say(false);
  let saying: Promise<void> = Promise.resolve();
  const renewing = setInterval(() => {
    saying = saying.then(() => say(false)).catch(() => undefined);
  }, RENEW);
  try {
    const [others] = await server.rows(
      `SELECT count() FROM (SELECT batch FROM input_claim WHERE sha256 = '${CLAIM}' AND batch != {p1:UInt64}
       GROUP BY batch HAVING NOT argMax(gone, turn) AND max(at) > now64(3) - INTERVAL ${LEASE} SECOND)`,
      [batch],
    );
    if (Number(others?.[0]) > 0)
      throw new PeepholeError(
        'store_busy',
        'Another process is adding up the rollups of this ClickHouse database, or dropping old flows. Try again later.',
      );
    return await work();
  } finally {
    clearInterval(renewing);
    await saying;
    await say(true);
  }
}
