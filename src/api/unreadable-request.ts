import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PeepholeError } from '../model/errors.ts';
import { problemHeaders, problemOf } from './problem.ts';

/** Node's error for a request that it could not parse. */
interface UnreadableRequest extends Error {
  readonly code?: string;
  /** What came. */
  readonly rawPacket?: unknown;
}

/**
 * Answers requests that Node can't parse as HTTP, and closes the connection: as a problem, like everything else that is
 * refused. `nothingThere` says what a path answers to a method that it does not take.
 */
export function answerUnreadable(
  error: UnreadableRequest,
  socket: Socket,
  nothingThere: (method: string, url: string) => PeepholeError,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  answerOn(socket, faultOf(error, nothingThere));
}

/** Answers on a bare connection, and closes it. */
export function answerOn(socket: Duplex, fault: PeepholeError): void {
  const problem = problemOf(fault);
  const body = JSON.stringify(problem);
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...problemHeaders(fault),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head.join('')}\r\n${body}`,
  );
}

function faultOf(
  { code, rawPacket }: UnreadableRequest,
  nothingThere: (method: string, url: string) => PeepholeError,
): PeepholeError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new PeepholeError('slow_request', 'The request did not come in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new PeepholeError('headers_too_large', 'The headers are longer than the server takes.');
    case 'HPE_INVALID_METHOD': {
      // The beginning of a request, if it is one: Node knows a list of methods only.
      const [, method, url] =
        /^([A-Za-z]{1,32}) (\/\S{0,4096}) HTTP\/1\.[01]\r?\n/.exec(
          rawPacket instanceof Uint8Array ? Buffer.from(rawPacket).toString('latin1') : '',
        ) ?? [];
      if (method !== undefined && url !== undefined) return nothingThere(method, url);
      break;
    }
    default:
  }
  return new PeepholeError('usage', 'The request is not valid HTTP/1.1.');
}
