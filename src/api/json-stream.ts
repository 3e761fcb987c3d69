import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { jsonPieces } from '../service/json-pieces.ts';

/** Lists longer than this are written in pieces. */
const LONG_LIST = 2_000;

/** Characters that are sent at once: about a millisecond's work. */
const PART = 128 * 1024;

/**
 * The answer of a route: a large one as a stream of JSON, since serializing it at once would block all other
 * requests; others unchanged.
 */
export function answerWith(reply: FastifyReply, answer: object): object {
  const large = Object.values(answer).some((member) => Array.isArray(member) && member.length > LONG_LIST);
  if (!large) return answer;
  const pieces = Readable.from(yielding(jsonPieces(answer)), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  });
  return reply.type('application/json; charset=utf-8').send(pieces);
}

/** Lets other requests run between two parts. Each part costs a turn of the event loop, so small pieces are joined. */
async function* yielding(pieces: Iterable<string>): AsyncGenerator<string> {
  let part = '';
  for (const piece of pieces) {
    part += piece;
    if (part.length < PART) continue;
    yield part;
    part = '';
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  yield part;
}
