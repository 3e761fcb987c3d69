import { createConnection, type Socket } from 'node:net';
import { PeepholeError } from '../model/errors.ts';
import type { CallOptions, Calls, Method, StoreService } from './calls.ts';
import { knownCode } from './host.ts';
import { PROTOCOL, readLines, writeLine, type WireReply } from './wire.ts';

/** The process that holds the store ended before it answered (or is not there at all). The call may be made again elsewhere. */
export class HolderGone extends Error {}

/** Asks the process that holds a store, through its socket. */
export class GuestService implements StoreService {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async call<M extends Method>(
    method: M,
    params: Calls[M]['params'],
    options: CallOptions = {},
  ): Promise<Calls[M]['result']> {
    const socket = await this.#connect();
    const abort = (): void => void socket.destroy();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      options.signal?.throwIfAborted();
      writeLine(socket, { protocol: PROTOCOL, method, params });
      for await (const line of readLines(socket)) {
        const reply = line as WireReply;
        switch (reply.kind) {
          case 'progress':
            options.onProgress?.(reply.progress);
            break;
          case 'result':
            return reply.result as Calls[M]['result'];
          case 'error':
            throw new PeepholeError(knownCode(reply.code), reply.message, reply.details);
        }
      }
    } catch (error) {
      if (error instanceof PeepholeError) throw error;
      if (options.signal?.aborted !== true) throw new HolderGone('', { cause: error });
    } finally {
      options.signal?.removeEventListener('abort', abort);
      socket.destroy();
    }
    if (options.signal?.aborted === true) throw new PeepholeError('cancelled', 'The work was cancelled.');
    throw new HolderGone();
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path, () => resolve(socket));
      socket.once('error', (error) => reject(new HolderGone('', { cause: error })));
    });
  }
}
