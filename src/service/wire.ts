import type { Socket } from 'node:net';
import type { IngestProgress } from '../ingest/report.ts';
import type { Method } from './calls.ts';

/** Raised whenever messages change: both sides must be of one kind. */
export const PROTOCOL = 1;

/** One connection carries one call: a request line, then progress lines, then a result or an error. */
export interface WireRequest {
  readonly protocol: number;
  readonly method: Method;
  readonly params: unknown;
}

export type WireReply =
  | { readonly kind: 'progress'; readonly progress: IngestProgress }
  | { readonly kind: 'result'; readonly result: unknown }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };

/** The JSON lines that come over a socket, until the other side ends. Throws what the socket throws. */
export async function* readLines(socket: Socket): AsyncGenerator {
  let parts: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at));
      yield JSON.parse(Buffer.concat(parts).toString('utf8'));
      parts = [];
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
  }
}

export function writeLine(socket: Socket, message: WireRequest | WireReply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}
