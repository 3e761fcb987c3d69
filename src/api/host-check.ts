import type { FastifyRequest } from 'fastify';
import { PeepholeError } from '../model/errors.ts';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses requests that a foreign page could make a browser send: a `Host` that is not ours (DNS
 * rebinding), an `Origin` that is not the page's own. `names` are further names of this server;
 * null allows any Host (a server for others, which asks for credentials anyway).
 */
export function checkHost(request: FastifyRequest, names: ReadonlySet<string> | null): void {
  const host = request.headers.host ?? '';
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (names !== null && !loopbackNames.has(name) && !names.has(name)) {
    throw new PeepholeError(
      'forbidden',
      `This server does not answer to the name ${JSON.stringify(name)}. If it should, start it with --allow-host.`,
    );
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new PeepholeError('forbidden', 'Requests from pages of other sites are not answered.');
  }
}
