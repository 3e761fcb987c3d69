import { createConnection, type Socket } from 'node:net';
import type { SqlResult, SqlRows } from '../engine/engine.ts';
import { PeepholeError, abortReason, errorCodeOf, throwIfAborted } from '../model/errors.ts';
import { questions, type CallOptions, type Calls, type Method, type StoreService } from './calls.ts';
import { Deadline } from './deadline.ts';
import { PROTOCOL, readLines, writeLine, type WireReply, type WireRequest } from './wire.ts';

/** Nobody listens where the process that holds the store should: it has ended. The call was not sent, and may be made elsewhere. */
export class HolderGone extends Error {}

/** Asks the process that holds a store, through its socket. */
export class GuestService implements StoreService {
  readonly #path: string;
  readonly #timeLimitMs: number | null;

  /** @param timeLimitMs milliseconds that a question may take; the holder has a limit of its own */
  constructor(path: string, timeLimitMs: number | null) {
    this.#path = path;
    this.#timeLimitMs = timeLimitMs;
  }

  async call<M extends Method>(
    method: M,
    params: Calls[M]['params'],
    options: CallOptions = {},
  ): Promise<Calls[M]['result']> {
    const limit = questions.has(method) ? this.#timeLimitMs : null;
    const deadline = new Deadline(limit, options.signal);
    try {
      for await (const reply of this.#replies(method, params, deadline.signal)) {
        if (reply.kind === 'progress') options.onProgress?.(reply.progress);
        if (reply.kind === 'result') return reply.result as Calls[M]['result'];
      }
    } finally {
      deadline.end();
    }
    throw ended();
  }

  async sql(text: string, options: CallOptions = {}): Promise<SqlResult> {
    const deadline = new Deadline(this.#timeLimitMs, options.signal);
    const replies = this.#replies('sql', { text }, deadline.signal);
    const end = async (): Promise<void> => {
      deadline.end();
      await replies.return(undefined);
    };
    async function* batches(): AsyncGenerator<SqlRows> {
      try {
        for (;;) {
          const { value: reply } = await replies.next();
          if (reply?.kind === 'end') return;
          if (reply?.kind !== 'rows') throw ended();
          deadline.pause();
          yield reply.rows;
          deadline.restart();
        }
      } finally {
        await end();
      }
    }
    try {
      const { value: first } = await replies.next();
      if (first?.kind !== 'columns') throw ended();
      return { columns: first.columns, batches: batches(), close: end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** What the holder replies; throws its errors. Ends the connection when it is returned from. */
  async *#replies(
    method: WireRequest['method'],
    params: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<Exclude<WireReply, { kind: 'error' }>, undefined> {
    const socket = await this.#connect();
    const abort = (): void => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      throwIfAborted(signal);
      await writeLine(socket, { protocol: PROTOCOL, method, params });
      for await (const line of readLines(socket)) {
        const reply = JSON.parse(line) as WireReply;
        if (reply.kind === 'error')
          throw new PeepholeError(errorCodeOf(reply.code), reply.message, reply.details);
        yield reply;
      }
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      throw error instanceof PeepholeError ? error : ended(error);
    } finally {
      signal.removeEventListener('abort', abort);
      socket.destroy();
    }
    if (signal.aborted) throw abortReason(signal);
    return undefined;
  }

  /** Whether somebody listens. */
  async reachable(): Promise<boolean> {
    try {
      (await this.#connect()).destroy();
      return true;
    } catch {
      return false;
    }
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path, () => resolve(socket));
      socket.once('error', (error) => reject(new HolderGone('', { cause: error })));
    });
  }
}

function ended(cause?: unknown): PeepholeError {
  return new PeepholeError(
    'owner_exited',
    'The process that holds the store ended before it answered. Nothing is lost; run it again.',
    {},
    { cause },
  );
}
