import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { PeepholeError } from '../model/errors.ts';
import type { GuessLimit } from './guess-limit.ts';

/**
 * Lets a request pass that carries the token: as a bearer token, or as the password of any user (so that browsers can ask
 * for it). Wrong tokens are answered with a delay; a request without one, as a browser's first, is answered at once.
 */
export async function checkToken(request: FastifyRequest, token: string, guesses: GuessLimit): Promise<void> {
  const given = credentials(request.headers.authorization ?? '');
  const right = given !== null && (await guesses.look(request.ip, () => token !== '' && equal(given, token)));
  if (!right) throw new PeepholeError('unauthorized', 'This server asks for its token.');
}

function credentials(header: string): string | null {
  const [, scheme = '', value = ''] = /^(\S+) +(.*)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic':
      return Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':');
    default:
      return null;
  }
}

/** In constant time, whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
