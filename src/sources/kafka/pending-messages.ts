import type { Message } from '../../model/record/message.ts';
import type { KafkaRecord } from './record-batches.ts';

/** Of what is taken in together. */
const MOST_MESSAGES = 10_000;
const MOST_BYTES = 8_388_608;

interface Pending {
  readonly partition: number;
  readonly offset: number;
  readonly message: Message;
}

/** What was read and is not in the store yet. */
export class PendingMessages {
  readonly #topic: string;
  #pending: Pending[] = [];
  #bytes = 0;
  /** By partition, where to read next. */
  readonly #positions = new Map<number, number>();
  /** When the oldest came, in the milliseconds of `performance.now()`; null if there is nothing. */
  #since: number | null = null;

  constructor(topic: string) {
    this.#topic = topic;
  }

  get full(): boolean {
    return this.#pending.length >= MOST_MESSAGES || this.#bytes >= MOST_BYTES;
  }

  /** Milliseconds since the oldest came; 0 if there is nothing. */
  get age(): number {
    return this.#since === null ? 0 : performance.now() - this.#since;
  }

  get empty(): boolean {
    return this.#since === null;
  }

  /** Adds a message; one without a value says nothing that could be kept. */
  add(partition: number, { offset, time, value }: KafkaRecord): void {
    if (value !== null) this.#add(partition, offset, String(offset), time, value);
    this.moveTo(partition, offset + 1);
  }

  /** Adds something that is to be said of a partition, or of offsets of it, as a message: it is set aside under its name. */
  say(partition: number, offset: number, name: string, text: string): void {
    this.#add(partition, offset, name, Date.now(), Buffer.from(text));
  }

  /** The partition is read up to this offset. */
  moveTo(partition: number, next: number): void {
    this.#since ??= performance.now();
    this.#positions.set(partition, next);
  }

  /** Everything, and nothing is left. */
  take(): { readonly messages: readonly Pending[]; readonly positions: ReadonlyMap<number, number> } {
    const taken = { messages: this.#pending, positions: new Map(this.#positions) };
    this.clear();
    return taken;
  }

  clear(): void {
    this.#pending = [];
    this.#bytes = 0;
    this.#positions.clear();
    this.#since = null;
  }

  #add(partition: number, offset: number, name: string, time: number, bytes: Buffer): void {
    this.#since ??= performance.now();
    this.#bytes += bytes.length;
    this.#pending.push({
      partition,
      offset,
      message: {
        name: `kafka:${this.#topic}/${partition}/${name}`,
        bytes,
        time: time < 0 || !Number.isSafeInteger(time) ? null : time,
      },
    });
  }
}
