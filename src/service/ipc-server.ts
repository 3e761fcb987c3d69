import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { SqlResult } from '../engine/engine.ts';
import { PeepholeError } from '../model/errors.ts';
import { dispatchCall } from './ipc-dispatch.ts';
import type { StoreService } from './store-service.ts';
import { checkDepth } from '../model/query/parse-json.ts';
import { PROTOCOL, readLines, writeLine, type IpcRequest } from './ipc-protocol.ts';

/**
 * Lets other processes use a store that this one owns. `stop` waits until their calls are done: a short-lived owner (an
 * ingest) stays until then.
 */
export class IpcServer {
  readonly #service: StoreService;
  readonly #path: string;
  readonly #server: Server;
  readonly #calls = new Set<Promise<void>>();
  #clients = 0;

  private constructor(service: StoreService, path: string) {
    this.#service = service;
    this.#path = path;
    this.#server = createServer((socket) => {
      const call = this.#serve(socket).finally(() => this.#calls.delete(call));
      this.#calls.add(call);
    });
  }

  /** Only for the process with the store's lock: an existing socket file is a leftover. */
  static async start(service: StoreService, path: string): Promise<IpcServer> {
    const host = new IpcServer(service, path);
    if (process.platform !== 'win32') rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      host.#server.once('error', reject);
      host.#server.listen(path, resolve);
    });
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    host.#server.unref();
    return host;
  }

  async stop(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls);
    await new Promise((resolve) => this.#server.close(resolve));
    if (process.platform !== 'win32') rmSync(this.#path, { force: true });
  }

  async #serve(socket: Socket): Promise<void> {
    const gone = new AbortController();
    socket.on('error', () => gone.abort());
    socket.on('close', () => gone.abort());
    try {
      const lines = readLines(socket);
      const first = await lines.next();
      if (first.done === true) return;
      // Nothing else is expected but that it wants no more: reading on shows this, and when the client disconnects.
      void lines
        .next()
        .catch(() => undefined)
        .finally(() => gone.abort());
      checkDepth(first.value, 'request');
      await this.#answer(socket, JSON.parse(first.value) as IpcRequest, gone.signal);
    } catch (error) {
      const { code, message, details } =
        error instanceof PeepholeError ? error : new PeepholeError('internal', String(error));
      // A client that has disconnected gets no error.
      await writeLine(socket, { kind: 'error', code, message, details }).catch(() => undefined);
    } finally {
      socket.end();
    }
  }

  async #answer(socket: Socket, request: IpcRequest, signal: AbortSignal): Promise<void> {
    if (request.protocol !== PROTOCOL) {
      throw new PeepholeError(
        'store_busy',
        'Another version of Peephole is at work on this store; stop it, or use that version.',
      );
    }
    const client = `socket ${++this.#clients}`;
    if (request.method === 'sql') {
      const [text] = request.args;
      await this.#streamSql(socket, await this.#service.sql(String(text), { signal, client }));
      return;
    }
    const result = await dispatchCall(this.#service, request.method, request.args, {
      signal,
      client,
      // Slow readers of progress are not waited for.
      onProgress: (progress) => {
        if (!socket.writableNeedDrain)
          void writeLine(socket, { kind: 'progress', progress }).catch(() => undefined);
      },
      onNotice: (notice) => void writeLine(socket, { kind: 'notice', notice }).catch(() => undefined),
    });
    await writeLine(socket, { kind: 'result', result });
  }

  async #streamSql(socket: Socket, { columns, batches, close }: SqlResult): Promise<void> {
    try {
      await writeLine(socket, { kind: 'columns', columns });
      for await (const rows of batches) await writeLine(socket, { kind: 'rows', rows });
      await writeLine(socket, { kind: 'end' });
    } finally {
      await close();
    }
  }
}
