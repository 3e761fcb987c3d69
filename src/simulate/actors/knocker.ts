import { SYN, TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';

/** Bytes of the request of whoever is let in. */
const REQUEST = 230;

/** One source that tries one port of one interface again and again, and is refused. */
export interface Knocking {
  /** The number of its address. */
  readonly source: number;
  readonly target: number;
  readonly port: number;
  readonly perHour: number;
  /** An hour has this many attempts more or fewer at most. */
  readonly wander: number;
  /** Hours of the range, from inclusive, to exclusive. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Which of the story's strangers it is: it is let in while the port is open. */
  readonly stranger?: number;
}

/**
 * A client with a timer: an exact count of attempts in every clock hour, evenly spaced with a little jitter,
 * each from a new ephemeral port and each within one window, so that it leaves exactly one record.
 */
export class Knocker implements Actor {
  private readonly stage: Stage;
  private readonly knocking: Knocking;
  private readonly trace: Trace;
  private readonly random: Random;
  /** Where between two beats of its timer the source stands; the same for as long as it runs. */
  private readonly phase: number;
  private readonly retries: number;
  private times: readonly number[] = [];
  private next = 0;
  private port: number;

  constructor(stage: Stage, label: string, knocking: Knocking, trace: Trace) {
    this.stage = stage;
    this.knocking = knocking;
    this.trace = trace;
    this.random = new Random(stage.seed, label);
    this.phase = this.random.float();
    this.retries = this.random.between(1, 3);
    this.port = this.random.below(28_000);
  }

  act(minute: number, time: number): void {
    const hour = Math.floor(minute / 60);
    if (hour < this.knocking.fromHour || hour >= this.knocking.toHour) return;
    if (minute % 60 === 0) this.planHour(time);
    for (; this.next < this.times.length && (this.times[this.next] as number) < time + 60; this.next++) {
      const at = this.times[this.next] as number;
      if (this.knocking.stranger !== undefined && this.stage.openPort.isOpen(minute))
        this.comeIn(at, this.knocking.stranger);
      else this.knock(at, time + 60);
    }
  }

  private planHour(time: number): void {
    const { perHour, wander } = this.knocking;
    const count = perHour + this.random.between(-wander, wander);
    const gap = 3600 / count;
    const jitter = Math.min(gap * 0.2, 2);
    this.times = Array.from({ length: count }, (_, i) => {
      const at = (i + this.phase) * gap + (this.random.float() - 0.5) * jitter;
      return time + Math.max(0, Math.min(3599, Math.floor(at)));
    });
    this.next = 0;
  }

  private comeIn(at: number, stranger: number): void {
    const { source, target, port } = this.knocking;
    const sport = this.nextPort();
    this.stage.wire.exchange.tcp(sport, port, REQUEST, 0, at, at);
    this.stage.wire.fromOutside(source, target);
    this.stage.openPort.arrivals.push({ at, source, sport, stranger });
  }

  private nextPort(): number {
    this.port = (this.port + 1 + this.random.below(40)) % 28_232;
    return 32_768 + this.port;
  }

  private knock(at: number, windowEnd: number): void {
    const { source, target, port } = this.knocking;
    // SYNs go out after 0, 1 and 3 seconds; what would fall into the next window isn't sent.
    let packets = 1;
    let last = at;
    for (const delay of [1, 3].slice(0, this.retries - 1)) {
      if (at + delay >= windowEnd) break;
      packets++;
      last = at + delay;
    }
    const exchange = this.stage.wire.exchange;
    exchange.protocol = TCP;
    exchange.sport = this.nextPort();
    exchange.dport = port;
    exchange.outPackets = packets;
    exchange.outBytes = packets * 60;
    exchange.outFlags = SYN;
    exchange.start = at;
    exchange.end = last;
    this.stage.wire.refused(source, target, this.trace);
  }
}
