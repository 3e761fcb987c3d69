import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';
import type { End, VisitEnd } from '../model/visits/visit.ts';
import type { AnswerBytes } from './answers.ts';
import type { Bounds } from './bounds.ts';
import type { ByteBudget } from './byte-budget.ts';
import { MessageProgress } from './message-progress.ts';
import { describeVisit, type VisitDraft } from './visit-draft.ts';

/** Milliseconds in which the peer may take an answer, before the connection is cut. */
const TAKE_ANSWER = 2_000;
const NOTHING = Buffer.alloc(0);

/** Milliseconds after which a visit that is still open is written as far as it came. */
export const WRITE_OPEN_AFTER = 200;

/** What a visit is given by the listener. */
export interface TcpVisitContext {
  readonly bounds: Pick<Bounds, 'bytes' | 'idle' | 'duration'>;
  readonly budget: ByteBudget;
  /** What an HTTP request is answered with. */
  readonly answer: AnswerBytes | null;
  /** What the listener says first. */
  readonly greeting: Buffer | null;
  /** With which a TLS handshake is completed; null: it is not. */
  readonly secureContext: SecureContext | null;
  /** Called once, when it is over and known. */
  readonly ended: (visit: VisitDraft, from: TcpVisit) => void;
}

/** A connection from its first packet to its end: keeps what the peer sends, and answers at most what is configured. */
export class TcpVisit {
  readonly #context: TcpVisitContext;
  readonly #socket: Socket;
  readonly #source: End;
  readonly #target: End;
  /** In milliseconds of `Date`: all other times are of `performance.now()`, since the clock may be set. */
  readonly #at = Date.now();
  readonly #began: number;
  #lastByte: number;
  #over = false;
  /** Bytes that it had sent when it was last written as open; -1: it was not. */
  #writtenBytes = -1;
  /** When the connection is cut that was answered. */
  #cutAt = Infinity;
  #sent = 0;
  /** What came over the wire; of TLS that is answered, up to its first message. */
  readonly #wire: Received;
  /** What came within TLS, once its handshake is completed. */
  #inside: Received | null = null;
  #tls: TLSSocket | null = null;

  constructor(socket: Socket, source: End, target: End, context: TcpVisitContext, now: number) {
    this.#context = context;
    this.#socket = socket;
    this.#source = source;
    this.#target = target;
    this.#began = now;
    this.#lastByte = now;
    this.#wire = new Received(context.bounds.bytes, context.budget);
    socket.on('data', this.#onWire);
    socket.on('end', () => this.#end('peer_closed'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end(endOf(error)));
    socket.on('close', () => this.#end('peer_closed'));
    if (context.greeting !== null) this.#send(context.greeting);
  }

  /** Ends it if its time is over. */
  checkTime(now: number): void {
    if (this.#over) {
      if (now >= this.#cutAt) this.#socket.destroy();
    } else if (
      now - this.#lastByte >= this.#context.bounds.idle ||
      now - this.#began >= this.#context.bounds.duration
    ) {
      this.#end('timed_out');
    }
  }

  /**
   * What it is so far, once it has been open for a while, and again once it has said its first bytes since: so that a
   * listener that is killed loses neither who came nor what was said first. Null: nothing to write.
   */
  openDraft(now: number): VisitDraft | null {
    const bytes = this.#wire.count;
    const known = this.#writtenBytes > 0 || this.#writtenBytes === bytes;
    if (this.#over || known || now - this.#began < WRITE_OPEN_AFTER) return null;
    this.#writtenBytes = bytes;
    return this.#describe('open', now);
  }

  /** Ends it since the listener stops. */
  stop(): void {
    this.#end('listener_stopped');
    this.#socket.destroy();
  }

  readonly #onWire = (chunk: Buffer): void => {
    if (this.#over || this.#tls !== null) return;
    this.#lastByte = performance.now();
    const room = this.#wire.add(chunk);
    if (this.#wire.progress.isComplete(this.#wire.bytes)) this.#complete(this.#wire);
    else if (!room) this.#tooMany(this.#wire);
  };

  readonly #onInside = (chunk: Buffer): void => {
    const inside = this.#inside;
    if (this.#over || inside === null) return;
    this.#lastByte = performance.now();
    const room = inside.add(chunk);
    if (inside.progress.isComplete(inside.bytes)) this.#complete(inside);
    else if (!room) this.#tooMany(inside);
  };

  #complete(received: Received): void {
    const { secureContext } = this.#context;
    const answer = this.#answerTo(received);
    if (received.progress.kind === 'tls' && secureContext !== null && this.#tls === null)
      this.#completeHandshake(secureContext);
    else if (answer !== null) this.#end('answered', answer);
    else this.#end('listener_closed');
  }

  /** Null: what came is no request, or nothing is answered. */
  #answerTo({ progress }: Received): Buffer | null {
    const { answer } = this.#context;
    if (answer === null) return null;
    if (progress.kind === 'http') return answer.http;
    return progress.kind === 'http2' && progress.stream > 0 ? answer.http2(progress.stream) : null;
  }

  /** A request that is larger than what is kept is answered too. */
  #tooMany(received: Received): void {
    this.#end('too_many_bytes', this.#answerTo(received));
  }

  /** Reads on within TLS. What came so far goes to it, too. */
  #completeHandshake(secureContext: SecureContext): void {
    const socket = this.#socket;
    socket.removeListener('data', this.#onWire);
    socket.pause();
    socket.unshift(this.#wire.bytes);
    const tls = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['h2', 'http/1.1'] });
    this.#tls = tls;
    tls.on('secure', () => {
      this.#inside ??= new Received(this.#context.bounds.bytes, this.#context.budget);
      this.#lastByte = performance.now();
    });
    tls.on('data', this.#onInside);
    tls.on('end', () => this.#end('peer_closed'));
    tls.on('error', (error: NodeJS.ErrnoException) => this.#end(endOf(error)));
    tls.on('close', () => this.#end('peer_closed'));
  }

  #send(bytes: Buffer): void {
    this.#sent += bytes.length;
    (this.#tls ?? this.#socket).write(bytes);
  }

  #end(end: VisitEnd, answer: Buffer | null = null): void {
    if (this.#over) return;
    this.#over = true;
    const now = performance.now();
    if (answer === null) this.#socket.destroy();
    else {
      this.#send(answer);
      (this.#tls ?? this.#socket).end();
      this.#cutAt = now + TAKE_ANSWER;
      // What still comes is read and dropped, so that the answer is not lost to a reset.
      (this.#tls ?? this.#socket).resume();
      (this.#tls ?? this.#socket).once('end', () => this.#socket.destroy());
    }
    const draft = this.#describe(end, now);
    this.#wire.release();
    this.#inside?.release();
    this.#inside = null;
    this.#context.ended(draft, this);
  }

  #describe(end: VisitEnd, now: number): VisitDraft {
    return describeVisit({
      protocol: 'tcp',
      source: this.#source,
      target: this.#target,
      at: this.#at,
      duration: now - this.#began,
      kept: this.#wire.bytes,
      bytes: this.#tls === null ? this.#wire.count : Math.max(this.#socket.bytesRead, this.#wire.count),
      sent: this.#tls === null ? this.#sent : Math.max(this.#socket.bytesWritten, this.#sent),
      end,
      ...(this.#inside === null ? {} : { inside: this.#inside.bytes }),
    });
  }
}

/** Bytes of one direction, up to a bound. */
class Received {
  readonly progress = new MessageProgress();
  readonly #most: number;
  readonly #budget: ByteBudget;
  #buffer = NOTHING;
  #kept = 0;
  /** What was taken of the budget. */
  #held = 0;
  #count = 0;

  constructor(most: number, budget: ByteBudget) {
    this.#most = most;
    this.#budget = budget;
  }

  get bytes(): Buffer {
    return this.#kept === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#kept);
  }

  get count(): number {
    return this.#count;
  }

  /** @returns false if not all could be kept */
  add(chunk: Buffer): boolean {
    this.#count += chunk.length;
    const fits = Math.min(chunk.length, this.#most - this.#kept);
    const needed = this.#kept + fits;
    if (needed > this.#buffer.length) {
      const size = this.#kept === 0 ? fits : Math.min(this.#most, Math.max(needed, this.#buffer.length * 2));
      if (!this.#budget.take(size - this.#held)) return false;
      this.#held = size;
      // A copy: the chunk may be a small part of a large buffer.
      const larger = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(larger, 0, 0, this.#kept);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#kept, 0, fits);
    this.#kept = needed;
    return fits === chunk.length && this.#kept < this.#most;
  }

  release(): void {
    this.#budget.giveBack(this.#held);
    this.#held = 0;
    this.#buffer = NOTHING;
    this.#kept = 0;
  }
}

function endOf(error: NodeJS.ErrnoException): VisitEnd {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'peer_reset' : 'peer_closed';
}
