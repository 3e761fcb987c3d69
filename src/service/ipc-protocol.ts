import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { SqlColumn, SqlRows } from '../engine/engine.ts';
import type { IngestProgress } from '../model/ingest-report.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import { PeepholeError } from '../model/errors.ts';
import type { StoreService } from './store-service.ts';
import { jsonPieces } from './json-pieces.ts';

/** Raised whenever messages change: both sides must have the same version. */
export const PROTOCOL = 14;

/** Methods with a JSON request and a single JSON result: all but `sql`, whose rows are streamed. */
export type JsonMethod = Exclude<keyof StoreService, 'sql'>;

/** One connection carries one call: a request line, then lines of a reply. */
export interface IpcRequest {
  readonly protocol: number;
  readonly method: keyof StoreService;
  /** The arguments of the service's method, without options that are not JSON. */
  readonly args: readonly unknown[];
}

/** A further line of whoever called: it wants no more, and waits for what is done by then. */
export interface IpcStop {
  readonly stop: true;
}

/** A call is answered by lines of progress and notices and then a result; `sql` by its columns, its rows, and an end; both by an error at any time. */
export type IpcReply =
  | { readonly kind: 'progress'; readonly progress: IngestProgress }
  | { readonly kind: 'notice'; readonly notice: SourceNotice }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'columns'; readonly columns: readonly SqlColumn[] }
  | { readonly kind: 'rows'; readonly rows: SqlRows }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };

/** The lines received over a socket, until the other side ends. Throws the errors of the socket. */
export async function* readLines(socket: Socket): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
  }
}

/** Writes a message as one line, and waits while the other side is slow. Throws `cancelled` once it is gone. */
export async function writeLine(socket: Socket, message: IpcRequest | IpcStop | IpcReply): Promise<void> {
  for (const piece of pieces(message)) await write(socket, piece);
}

function* pieces(message: IpcRequest | IpcStop | IpcReply): Generator<string> {
  if ('kind' in message && message.kind === 'result' && isObject(message.result)) {
    yield '{"kind":"result","result":';
    yield* jsonPieces(message.result);
    yield '}\n';
  } else yield `${JSON.stringify(message)}\n`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function write(socket: Socket, text: string): Promise<void> {
  if (socket.destroyed) throw gone();
  if (socket.write(text)) return;
  const ending = new AbortController();
  try {
    await Promise.race([
      once(socket, 'drain', { signal: ending.signal }),
      once(socket, 'close', { signal: ending.signal }).then(() => Promise.reject(gone())),
    ]);
  } finally {
    ending.abort();
  }
}

function gone(): PeepholeError {
  return new PeepholeError('cancelled', 'Who asked is gone.');
}
