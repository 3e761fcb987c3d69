import type { Random } from '../../../../src/simulate/random.ts';
import { byTimer, clientPort, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

type Moments = (world: World, random: Random) => readonly number[];

/** Somebody outside who is refused at one port at some moments, in seconds of the world. */
function timed(
  name: string,
  hours: readonly number[],
  moments: Moments,
  kinds: readonly string[] = ['persistent_stranger'],
  says?: RegExp,
): Scenario {
  return {
    name,
    hours,
    plant(world) {
      const random = world.random('timed');
      const [from, to] = [world.outsider(random), world.host()];
      const dport = random.pick([25, 80, 443, 1883, 5222, 8080, 9092, 27_017, 61_613]);
      for (const [turn, at] of moments(world, random).entries())
        refusedConnection(world, { at, from, to, sport: clientPort(1, turn), dport, mark: world.attempt('timed') }); // prettier-ignore
      world.planted.push({
        name: 'timed',
        kinds,
        sources: [from.address],
        targets: [to.address],
        port: dport,
        counted: 'connections',
        verdict: 'rejected',
        ...(says && { says }),
      });
    },
  };
}

/** Moments after pauses that are made by turns, in seconds. */
function afterPauses(seconds: number, pause: (turn: number) => number): readonly number[] {
  const moments: number[] = [];
  for (let at = pause(0), turn = 1; at < seconds; at += pause(turn++)) moments.push(at);
  return moments;
}

const inBursts =
  (period: number, count: number, apart: number): Moments =>
  ({ seconds }, random) =>
    byTimer(random, period, 0, seconds - count * apart, 0.02).flatMap((at) =>
      Array.from({ length: count }, (_, turn) => at + turn * apart),
    );

/** Where all logs of five hours are missing. */
const acrossGap: Moments = (world, random) => {
  const [from, to] = [world.seconds * 0.4, world.seconds * 0.4 + 5 * 3600];
  world.loseLogs(from, to);
  return byTimer(random, 30, 0, world.seconds).filter((at) => at < from || at >= to);
};

/** Programs that are refused and try again: by timers of all lengths, exact and not, in bursts, after ever longer pauses. */
export const timedStrangers: readonly Scenario[] = [
  timed(
    'a hundred attempts within a minute, each hour',
    [72],
    inBursts(3600, 100, 0.5),
    undefined,
    /times an hour, in bursts/,
  ),
  timed('a program that sleeps half an hour, give or take 40 %', [72], ({ seconds }, random) =>
    afterPauses(seconds, () => 1800 * (0.6 + 0.8 * random.float())),
  ),
  timed(
    'ten attempts each quarter of an hour',
    [12, 24],
    inBursts(900, 10, 2),
    undefined,
    /times an hour, in bursts/,
  ),
  timed('ever longer pauses, up to two minutes', [24], ({ seconds }, random) =>
    afterPauses(seconds, (turn) => Math.min(120, 2 ** turn) * (0.8 + 0.4 * random.float())),
  ),
  timed('an attempt a second', [6], ({ seconds }, random) => byTimer(random, 1, 0, seconds, 0.1)),
  ...[5, 45, 300].map((period) =>
    timed(`every ${period} seconds, give or take 10 %`, [8, 24], ({ seconds }, random) =>
      byTimer(random, period, 0, seconds, 0.1),
    ),
  ),
  timed('a timer across hours without logs', [24, 48], acrossGap),
  timed(
    'a timer that begins late in the range',
    [24, 72],
    ({ seconds }, random) => byTimer(random, 40, seconds * 0.7, seconds),
    ['new_stranger', 'persistent_stranger'],
  ),
  timed(
    'a timer that ends early in the range',
    [24, 72],
    ({ seconds }, random) => byTimer(random, 40, 0, seconds * 0.3),
    ['stopped_stranger', 'persistent_stranger'],
  ),
];
