import { SYN, TCP, UDP } from '../flow.ts';
import type { PlantedKind, Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import type { Role } from '../world/hosts.ts';

/** Attempts at one port of one machine, by a clock that isn't as good as the story's. */
interface OddStranger {
  readonly id: string;
  readonly kind: PlantedKind;
  readonly description: string;
  readonly role: Role;
  readonly port: number;
  readonly protocol: number;
  readonly action: 'REJECT' | 'ACCEPT';
  /** Addresses that take turns: each has an equal part of the range. */
  readonly addresses: number;
  /** Seconds until the next attempt, at a share of the range (0 to 1). */
  readonly gap: (random: Random, share: number) => number;
  /** Whether it is at work at all in an hour of the range. */
  readonly works?: (hour: number) => boolean;
  /** The source port of attempts; a new one each time by default. */
  readonly sourcePort?: number;
  /** Seconds after an attempt in which it is repeated from the same source port: not another attempt. */
  readonly retries?: readonly number[];
  /** Attempts at each turn of its clock, from different source ports, a second apart. */
  readonly burst?: number;
  /** Whether every record is part of one conversation, of which only the first counts. */
  readonly oneConversation?: boolean;
}

const poisson = (perHour: number) => (random: Random) => random.exponential(3600 / perHour);
const timer = (seconds: number, jitter: number) => (random: Random) =>
  seconds * (1 + jitter * (2 * random.float() - 1));

const list: readonly OddStranger[] = [
  {
    id: 'odd-poisson', kind: 'persistent_stranger', role: 'status', port: 8089, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'Comes at random moments, thirty an hour on average', gap: poisson(30),
  },
  {
    id: 'odd-mixed', kind: 'persistent_stranger', role: 'vpn', port: 8125, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'Every three minutes at first, every half minute from the middle of the range on',
    gap: (random, share) => timer(share < 0.5 ? 180 : 30, 0.1)(random),
  },
  {
    id: 'odd-moving', kind: 'persistent_stranger', role: 'grafana', port: 4222, protocol: TCP, action: 'REJECT', addresses: 2,
    description: 'A client whose own address changes in the middle of the range', gap: timer(60, 0.2),
  },
  {
    id: 'odd-slow', kind: 'slow_stranger', role: 'mq', port: 61_613, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'One attempt every ten minutes, give or take three', gap: timer(600, 0.3),
  },
  {
    id: 'odd-retrying', kind: 'persistent_stranger', role: 'staging', port: 7000, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'Every five minutes; each attempt is repeated in the next window from the same port',
    gap: timer(300, 0.05), retries: [50, 90],
  },
  {
    id: 'odd-pausing', kind: 'persistent_stranger', role: 'demo', port: 6000, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'Every two minutes, but rests every third hour', gap: timer(120, 0.3), works: (hour) => hour % 3 !== 2,
  },
  {
    id: 'odd-quiet', kind: 'persistent_stranger', role: 'partner-api', port: 9999, protocol: TCP, action: 'ACCEPT', addresses: 1,
    description: 'Let in by the security group, but nobody answers', gap: timer(150, 0.1),
  },
  {
    id: 'odd-returning', kind: 'returning_scanner', role: 'status', port: 2375, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'A scanner that tries one port six times within seconds, about once an hour', gap: timer(3600, 0.2), burst: 6,
  },
  {
    id: 'odd-time', kind: 'ntp_reply', role: 'vpn', port: 123, protocol: UDP, action: 'REJECT', addresses: 1,
    description: 'Answers of a time server that come from port 123 to port 123 and are refused', gap: timer(1024, 0.01), sourcePort: 123,
  },
  {
    id: 'odd-cut', kind: 'cut_connection', role: 'demo', port: 5671, protocol: TCP, action: 'REJECT', addresses: 1,
    description: 'A connection that a new rule cut: the other side sends on, from the same port, for days',
    gap: timer(50, 0.1), sourcePort: 50_123, oneConversation: true,
  },
]; // prettier-ignore

/** Strangers with odd habits, and some that only look like strangers. */
export function oddStrangers(stage: Stage): Actor[] {
  return list.map((one) => new Odd(stage, one));
}

class Odd implements Actor {
  private readonly stage: Stage;
  private readonly one: OddStranger;
  private readonly random: Random;
  private readonly sources: readonly number[];
  private readonly target: number;
  private readonly traces: readonly Trace[];
  private readonly repeats: {
    readonly at: number;
    readonly port: number;
    readonly source: number;
    /** Set while no record of the attempt has been logged: the first that is counts. */
    trace: Trace | null;
  }[] = [];
  private next: number;
  private port: number;
  private begun = false;

  constructor(stage: Stage, one: OddStranger) {
    this.stage = stage;
    this.one = one;
    this.random = new Random(stage.seed, one.id);
    this.sources = Array.from({ length: one.addresses }, () => stage.world.addresses.publicV4(this.random));
    this.target = stage.world.byRole(one.role)[0] as number;
    this.traces = stage.ledger.plant({
      id: one.id,
      kind: one.kind,
      description: one.description,
      action: one.action,
      protocol: one.protocol,
      intervalSeconds: null,
      sources: this.sources,
    });
    this.next = stage.timeline.start + this.random.float() * 60;
    this.port = this.random.below(20_000);
  }

  act(minute: number, time: number): void {
    const { one, stage } = this;
    const { minutes, start } = stage.timeline;
    while (this.repeats.length > 0 && (this.repeats[0]?.at ?? 0) < time + 60) {
      const repeat = this.repeats.shift();
      if (repeat === undefined) break;
      const lost = this.isLost();
      this.log(repeat.source, repeat.port, repeat.at, repeat.trace);
      if (lost) continue;
      for (const other of this.repeats) if (other.port === repeat.port) other.trace = null;
    }
    for (; this.next < time + 60; this.next += one.gap(this.random, minute / minutes)) {
      if (one.works?.(Math.floor((this.next - start) / 3600)) === false) continue;
      const turn = Math.min(one.addresses - 1, Math.floor((minute / minutes) * one.addresses));
      for (let i = 0; i < (one.burst ?? 1); i++)
        this.attempt(turn, Math.min(time + 59, Math.floor(this.next) + i));
    }
  }

  private attempt(turn: number, at: number): void {
    const { one } = this;
    this.port = (this.port + 1 + this.random.below(9)) % 28_000;
    const port = one.sourcePort ?? 32_768 + this.port;
    const source = this.sources[turn] as number;
    const counts = one.oneConversation !== true || !this.begun;
    this.begun = true;
    this.log(source, port, at, counts ? (this.traces[turn] as Trace) : null);
    const trace = this.isLost() ? (this.traces[turn] as Trace) : null;
    for (const delay of one.retries ?? []) this.repeats.push({ at: at + delay, port, source, trace });
  }

  private isLost(): boolean {
    const { recorder } = this.stage.wire;
    return recorder.silent || recorder.skips(this.target);
  }

  private log(source: number, port: number, at: number, trace: Trace | null): void {
    const { wire } = this.stage;
    const exchange = wire.exchange;
    exchange.protocol = this.one.protocol;
    exchange.sport = port;
    exchange.dport = this.one.port;
    exchange.outPackets = 1;
    exchange.outBytes = 60;
    exchange.outFlags = this.one.protocol === TCP ? SYN : 0;
    exchange.start = at;
    exchange.end = at;
    // A time server answers who asked it.
    if (this.one.kind === 'ntp_reply') wire.askedOutside(this.target, source);
    if (this.one.action === 'REJECT') wire.refused(source, this.target, trace);
    else wire.unanswered(source, this.target, trace);
  }
}
