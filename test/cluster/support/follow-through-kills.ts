import { expect } from 'vitest';
import { peephole } from '../../support/cli.ts';
import { afterMoreFlows, atRandomMoments, flowsIn, killWhileFollowing } from './kill-while-following.ts';

export interface FollowThroughKills {
  /** The source, with its options. */
  readonly source: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly store: string;
  /** Brings more flows to the source, each with a `bytes` of its own; gives how many there are in all. */
  readonly write: () => Promise<number>;
  /** Of the moments that chance chooses. */
  readonly seed: number;
  /** Whether nothing is left to do beside the flows; the processes end only then. */
  readonly settled?: () => Promise<boolean>;
  /** How many flows are to come in before the processes are killed that are killed by growth. */
  readonly growth?: number;
  /** How they are ended. Default: `SIGKILL`. */
  readonly by?: 'SIGKILL' | 'SIGTERM';
  /** Whether so much comes at once that some process must end before all of it is in: proved then. */
  readonly endsInTheMiddle?: boolean;
}

/**
 * Follows a source by processes that are killed again and again, when the store has grown and at random moments, while
 * more comes to the source all the time; or that are told to end in the middle of it, and then end well. In the end each flow is in the store once; gives how many.
 */
export async function followThroughKills({
  source,
  env,
  store,
  write,
  seed,
  growth = 1,
  by = 'SIGKILL',
  endsInTheMiddle = false,
  settled = async () => true,
}: FollowThroughKills): Promise<number> {
  let written = await write();
  const args = ['ingest', '--follow', '--json', '--store', store, ...source];
  const until = async (): Promise<boolean> => (await flowsIn(store)) >= written && (await settled());
  const byGrowth = afterMoreFlows(store, growth);
  // A signal before the handler is installed ends the process abruptly: only processes that have started count.
  const rounds =
    by === 'SIGTERM'
      ? [{ kills: 4, when: byGrowth }]
      : [
          { kills: 3, when: byGrowth },
          { kills: 5, when: atRandomMoments(seed, 2_500) },
        ];
  let inTheMiddle = 0;
  for (const { kills, when } of rounds) {
    const report = await killWhileFollowing({
      args,
      env,
      kills,
      by,
      async when(running) {
        if (!(await when(running))) return false;
        written = await write();
        return true;
      },
      async between() {
        if ((await flowsIn(store)) < written) inTheMiddle++;
      },
      until,
    });
    expect(report.kills).toBe(kills);
    const { stdout, stderr } = report.last;
    expect(report.last, `${stderr}${stdout}`).toMatchObject({ code: 0, signal: null });
  }
  if (endsInTheMiddle) expect(inTheMiddle).toBeGreaterThan(0);
  const sql = 'SELECT count(*) AS flows, count(DISTINCT bytes) AS different FROM flows';
  const { stdout } = await peephole(['sql', '--store', store, '--format', 'json', sql]);
  expect(JSON.parse(stdout)).toEqual([{ flows: written, different: written }]);
  const aside = await peephole([
    'sql',
    '--store',
    store,
    '--format',
    'json',
    'SELECT input, reason FROM quarantine',
  ]);
  expect(JSON.parse(aside.stdout)).toEqual([]);
  return written;
}
