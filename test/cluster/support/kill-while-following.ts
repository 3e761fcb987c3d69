import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finished, finished, peephole, start } from '../../support/cli.ts';

/** Is it time to kill the process? Asked again and again while it runs; `running` counts the starts from 0. */
export type KillWhen = (running: number) => Promise<boolean>;

export interface KillOptions {
  /** Of `peephole`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How often it is ended and started again. After that it is left alone. */
  readonly kills: number;
  /** How it is ended: killed, or told to (then it has to end well). Default: `SIGKILL`. */
  readonly by?: 'SIGKILL' | 'SIGTERM';
  readonly when: KillWhen;
  /** Called after each that was ended, before the next is started. */
  readonly between?: () => Promise<void>;
  /** Is everything in? Then the last process gets SIGTERM. Without it, it has to end by itself. */
  readonly until?: () => Promise<boolean>;
}

export interface KillReport {
  /** How many of them were running when they were killed, or ended well after SIGTERM. */
  readonly kills: number;
  /** How the last process ended. */
  readonly last: Finished;
}

/** Runs `peephole`, ends it when a condition holds, and starts it again, a number of times. */
export async function killWhileFollowing(options: KillOptions): Promise<KillReport> {
  let kills = 0;
  for (let running = 0; running < options.kills; running++) {
    const child = startOne(options);
    const ended = finished(child);
    await reached(child, () => options.when(running));
    child.kill(options.by ?? 'SIGKILL');
    const last = await ended;
    if (options.by === 'SIGTERM' ? last.code !== 0 : last.signal !== 'SIGKILL') return { kills, last };
    kills += 1;
    await options.between?.();
  }
  const child = startOne(options);
  const ended = finished(child);
  const { until } = options;
  if (until !== undefined) {
    await reached(child, until);
    child.kill('SIGTERM');
  }
  return { kills, last: await ended };
}

function startOne({ args, env }: KillOptions): ChildProcess {
  return start(args, env === undefined ? {} : { env });
}

/** Asks until the answer is yes, or the process has ended. */
async function reached(child: ChildProcess, condition: () => Promise<boolean>): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await condition()) return;
    await sleep(20);
  }
}

/** Flows in a store, as `peephole status` says; 0 where there is no store yet. */
export async function flowsIn(store: string): Promise<number> {
  const { code, stdout } = await peephole(['status', '--store', store, '--json']);
  return code === 0 ? (JSON.parse(stdout) as { readonly flows: number }).flows : 0;
}

/** Each process is killed once the store holds that many flows more than when its predecessor was. */
export function afterMoreFlows(store: string, more: number): KillWhen {
  let before = 0;
  return async () => {
    const flows = await flowsIn(store);
    if (flows < before + more) return false;
    before = flows;
    return true;
  };
}

/** Each process is killed at a moment that chance chooses, the same for a seed, up to `within` ms after its start. */
export function atRandomMoments(seed: number, within: number): KillWhen {
  let state = seed >>> 0;
  let last = -1;
  let moment = 0;
  return async (running) => {
    if (running !== last) {
      // https://en.wikipedia.org/wiki/Linear_congruential_generator (Numerical Recipes)
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      moment = performance.now() + (within * state) / 2 ** 32;
      last = running;
    }
    return performance.now() >= moment;
  };
}
