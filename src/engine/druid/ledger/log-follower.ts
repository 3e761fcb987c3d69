import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../../model/errors.ts';
import type { MessageLog } from './ledger-topic.ts';

/** Milliseconds that a broker may wait for the next record. */
const MOST_WAIT = 500;
/** Milliseconds after which reading is tried again. */
const RETRY_AFTER = 1000;
/** Milliseconds for which is waited for what was written to be read. */
const PATIENCE = 120_000;

type Messages = Awaited<ReturnType<MessageLog['read']>>;

/** What is done with what is read. */
interface Reader {
  /** The offset to read from next. */
  next(): number;
  /** Works with what came, possibly nothing. */
  take(messages: Messages): Promise<void>;
  /** Takes up where it was, after `take` failed. */
  recover(): Promise<void>;
}

/** Reads a log for as long as it is open, and tells who waits that something came. After an error it tries again. */
export class LogFollower {
  readonly #log: MessageLog;
  readonly #reader: Reader;
  #following: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #closed = false;
  #wake: () => void = () => undefined;
  #woken: Promise<void>;

  constructor(log: MessageLog, reader: Reader) {
    this.#log = log;
    this.#reader = reader;
    this.#woken = this.#nextWake();
  }

  /** Begins to read. */
  begin(): void {
    this.#following = this.#follow();
  }

  /** Why nothing can be read now; null: it is read. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Until something is so that `take` makes so. Throws where the log can't be read for so long. */
  async when(isSo: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (!isSo()) {
      this.checkOpen();
      if (this.#failure instanceof PeepholeError && this.#failure.code !== 'engine_unreachable')
        throw this.#failure;
      if (performance.now() > end)
        throw new PeepholeError(
          'engine_unreachable',
          `The ledger in Kafka (topic ${this.#log.name}) can't be read: ${this.#failure instanceof Error ? this.#failure.message : 'it does not answer'}`,
        );
      await this.change();
    }
  }

  /** Resolves at the next record, or after a while. Throws if it is closed. */
  async change(): Promise<void> {
    await Promise.race([this.#woken, sleep(RETRY_AFTER)]);
    this.checkOpen();
  }

  checkOpen(): void {
    if (this.#closed) throw new PeepholeError('store_busy', 'The store is closing.');
  }

  /** Stops reading. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#log.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    while (!this.#closed)
      try {
        const messages = await this.#log.read(this.#reader.next(), MOST_WAIT);
        await this.#reader.take(messages);
        this.#failure = null;
        if (messages.length > 0) this.#wakeAll();
      } catch (error) {
        this.#failure = error;
        this.#wakeAll();
        if (this.#closed) return;
        await sleep(RETRY_AFTER);
        await this.#reader.recover().catch(() => undefined);
      }
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#woken = this.#nextWake();
    wake();
  }
}
