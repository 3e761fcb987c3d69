import type { End, VisitBound, VisitEnd } from '../model/visits/visit.ts';
import type { Bounds } from './bounds.ts';
import type { ByteBudget } from './byte-budget.ts';
import { QuicHandshake } from './protocols/quic-initial.ts';
import { recognize } from './protocols/recognize.ts';
import { WRITE_OPEN_AFTER } from './tcp-visit.ts';
import { describeVisit, type VisitDraft } from './visit-draft.ts';

/** Datagrams in which the first message of a QUIC client is looked for: those that are sent again count, too. */
const MOST_DATAGRAMS = 8;
const NOTHING = Buffer.alloc(0);

interface UdpVisit {
  readonly source: End;
  readonly target: End;
  /** In milliseconds of `Date`; the other times are of a clock that is never set. */
  readonly at: number;
  readonly began: number;
  last: number;
  /** The first datagram that has bytes, as far as it is kept: it tells what the visit is. */
  kept: Buffer;
  bytes: number;
  /** Bytes taken of the budget. */
  held: number;
  datagrams: number;
  /** What QUIC says in more than one datagram; null: it is no QUIC, or one has come so far. */
  quic: QuicHandshake | null;
  /** Whether it was written as open. */
  written: boolean;
}

export interface UdpVisitsContext {
  readonly bounds: Pick<Bounds, 'bytes' | 'idle' | 'duration'>;
  readonly budget: ByteBudget;
  readonly enter: (source: End, now: number) => VisitBound | null;
  /** A datagram that began no visit, since one more would be past a bound. */
  readonly refused: (target: End, source: End, bound: VisitBound) => void;
  readonly ended: (visit: VisitDraft, from: object) => void;
}

/** Datagrams that one address sends to one port, one after another, are one visit. Nothing is ever answered. */
export class UdpVisits {
  readonly #context: UdpVisitsContext;
  readonly #visits = new Map<string, UdpVisit>();

  constructor(context: UdpVisitsContext) {
    this.#context = context;
  }

  datagram(bytes: Buffer, source: End, target: End, now: number): void {
    const key = `${source.address} ${source.port} ${target.address} ${target.port}`;
    const visit = this.#visits.get(key);
    if (visit !== undefined) {
      // Some probes begin with an empty one.
      if (visit.bytes === 0) this.#keepFirst(visit, bytes);
      visit.bytes += bytes.length;
      visit.last = now;
      visit.datagrams += 1;
      if (visit.datagrams <= MOST_DATAGRAMS) this.#readOn(visit, bytes);
      if (visit.bytes > this.#context.bounds.bytes) this.#end(key, visit, 'too_many_bytes', now);
      return;
    }
    const bound = this.#context.enter(source, now);
    if (bound !== null) {
      this.#context.refused(target, source, bound);
      return;
    }
    const begun: UdpVisit = {
      source,
      target,
      at: Date.now(),
      began: now,
      last: now,
      kept: NOTHING,
      bytes: bytes.length,
      held: 0,
      datagrams: 1,
      quic: null,
      written: false,
    };
    this.#keepFirst(begun, bytes);
    this.#visits.set(key, begun);
    if (begun.bytes > this.#context.bounds.bytes) this.#end(key, begun, 'too_many_bytes', now);
  }

  /** Ends those whose time is over. */
  checkTime(now: number): void {
    const { idle, duration } = this.#context.bounds;
    for (const [key, visit] of this.#visits) {
      if (now - visit.last >= idle || now - visit.began >= duration) this.#end(key, visit, 'timed_out', now);
    }
  }

  /** Those to write as open: what they are so far, each once. */
  *openDrafts(now: number): Generator<readonly [from: object, draft: VisitDraft]> {
    for (const visit of this.#visits.values()) {
      if (visit.written || now - visit.began < WRITE_OPEN_AFTER) continue;
      visit.written = true;
      yield [visit, describe(visit, 'open', now)];
    }
  }

  stop(now: number): void {
    for (const [key, visit] of this.#visits) this.#end(key, visit, 'listener_stopped', now);
  }

  #keepFirst(visit: UdpVisit, bytes: Buffer): void {
    const size = Math.min(bytes.length, this.#context.bounds.bytes);
    if (!this.#context.budget.take(size)) return;
    visit.kept = Buffer.from(bytes.subarray(0, size));
    visit.held += size;
  }

  /** Of protocols other than QUIC the first datagram says all. */
  #readOn(visit: UdpVisit, bytes: Buffer): void {
    if (visit.quic === null) {
      if (visit.datagrams > 2 || recognize(visit.kept, 'udp').kind !== 'quic') return;
      visit.quic = new QuicHandshake();
      visit.quic.add(visit.kept);
    }
    // What it keeps of a datagram is no more than that has bytes.
    if (visit.quic.complete || !this.#context.budget.take(bytes.length)) return;
    visit.held += bytes.length;
    visit.quic.add(bytes);
  }

  #end(key: string, visit: UdpVisit, end: VisitEnd, now: number): void {
    this.#visits.delete(key);
    this.#context.budget.giveBack(visit.held);
    this.#context.ended(describe(visit, end, now), visit);
  }
}

function describe(visit: UdpVisit, end: VisitEnd, now: number): VisitDraft {
  const quicHandshake = visit.quic?.message ?? null;
  return describeVisit({
    protocol: 'udp',
    source: visit.source,
    target: visit.target,
    at: visit.at,
    duration: now - visit.began,
    kept: visit.kept,
    bytes: visit.bytes,
    sent: 0,
    end,
    ...(quicHandshake === null ? {} : { quicHandshake }),
  });
}
