import type { Random } from '../../../src/simulate/random.ts';
import type { Endpoint, Mark } from './packets.ts';
import type { World } from './world.ts';

/** Seconds after the first at which a client sends a SYN again (Linux: the wait doubles from one second). */
const SYN_AGAIN = [1, 3, 7, 15, 31] as const;

/** A port as clients choose it: a new one for each turn, none again for long. */
export function clientPort(first: number, turn: number): number {
  return 32_768 + ((first + turn * 7) % 28_000);
}

export interface Attempt {
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sport: number;
  readonly dport: number;
  readonly mark?: Mark;
}

/** A TCP connection that a rule refuses: a SYN, and the same again a few times, since nothing comes back. */
export function refusedConnection(
  world: World,
  attempt: Attempt,
  retries = 0,
  refusedBy: 'source' | 'target' = 'target',
): void {
  for (const later of [0, ...SYN_AGAIN.slice(0, retries)])
    world.send({ ...attempt, at: attempt.at + later, refusedBy, bytes: 60, flags: 2 });
}

/** A TCP connection that the rules let in, but that nobody answers. */
export function ignoredConnection(world: World, attempt: Attempt, retries = 0): void {
  for (const later of [0, ...SYN_AGAIN.slice(0, retries)])
    world.send({ ...attempt, at: attempt.at + later, bytes: 60, flags: 2 });
}

/** A TCP connection that the rules let in and the machine turns away: no program listens, so a reset of 40 bytes goes back. */
export function resetConnection(world: World, attempt: Attempt): void {
  world.send({ ...attempt, bytes: 60, flags: 2 });
  const { at, from, to, sport, dport } = attempt;
  world.send({ at, from: to, to: from, sport: dport, dport: sport, bytes: 40, flags: 4 });
}

export interface Talk {
  /** Seconds that it lasts, bytes of the client and of the server in all. */
  readonly lasts?: number;
  readonly asked?: number;
  readonly answered?: number;
}

/** Within a long conversation something is said so often, in seconds. */
const PACE = 25;

/** A TCP connection that is let in, answered and closed. */
export function conversation(world: World, attempt: Attempt, talk: Talk = {}): void {
  const { at, from, to, sport, dport, mark } = attempt;
  const { lasts = 1, asked = 1200, answered = 5000 } = talk;
  const turns = 1 + Math.ceil(lasts / PACE);
  for (let turn = 0; turn < turns; turn++) {
    const now = at + Math.min(lasts, turn * PACE);
    const flags = (turn === 0 ? 2 : 0) | (turn === turns - 1 ? 1 : 0);
    const sent = Math.max(60, Math.round(asked / turns));
    const back = Math.max(52, Math.round(answered / turns));
    world.send({ at: now, from, to, sport, dport, packets: packetsOf(sent), bytes: sent, flags, ...(mark && { mark }) }); // prettier-ignore
    world.send({ at: now, from: to, to: from, sport: dport, dport: sport, packets: packetsOf(back), bytes: back, flags: flags === 0 ? 0 : flags | (flags & 2 ? 16 : 0) }); // prettier-ignore
  }
}

/** A question by UDP and its answer. */
export function exchange(world: World, attempt: Attempt, asked = 76, answered = 76): void {
  const { at, from, to, sport, dport } = attempt;
  world.send({ at, from, to, sport, dport, protocol: 17, bytes: asked });
  world.send({ at, from: to, to: from, sport: dport, dport: sport, protocol: 17, bytes: answered });
}

function packetsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 700)) + (bytes > 200 ? 3 : 0);
}

/** Moments by a timer that is late or early by a share of its period at most. */
export function byTimer(
  random: Random,
  period: number,
  from: number,
  to: number,
  jitter = 0.05,
): readonly number[] {
  const moments: number[] = [];
  for (let at = from + random.float() * period; at < to; at += period)
    moments.push(Math.max(from, at + (random.float() - 0.5) * 2 * jitter * period));
  return moments;
}

/** Moments at random, so many seconds apart in the mean. */
export function atRandom(random: Random, mean: number, from: number, to: number): readonly number[] {
  const moments: number[] = [];
  for (let at = from + random.exponential(mean); at < to; at += random.exponential(mean)) moments.push(at);
  return moments;
}
