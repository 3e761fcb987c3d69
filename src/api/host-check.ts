import type { FastifyRequest } from 'fastify';
import { EMBED, EMBEDDED_TILE } from './security-policy.ts';
import { PeepholeError } from '../model/errors.ts';

/** What may be shown in a frame. */
const FRAMED: ReadonlySet<string> = new Set([EMBED, EMBEDDED_TILE]);
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Refuses requests without a `Host`, or with several: a proxy may read another one than we do (RFC 9112, 3.2). */
export function checkHostHeader({ raw }: FastifyRequest): void {
  const hosts = raw.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length;
  if (hosts === 0 && raw.httpVersion === '1.1')
    throw new PeepholeError('usage', 'A request of HTTP/1.1 names the host that it is for.');
  if (hosts > 1) throw new PeepholeError('usage', 'A request names one host that it is for.');
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

/**
 * Refuses what a page of another site makes a browser ask without saying so in an `Origin`: pictures, scripts, frames.
 * Browsers say where a request comes from in `Sec-Fetch-Site`; another port of this machine is another site too. A link
 * from elsewhere opens the page, but nothing under /api/, where a look alone may start work. Where `framed` pages are allowed, so
 * does a frame open those that are made for it: browsers ask its policy whose it may be.
 */
export function checkSite({ method, headers, routeOptions }: FastifyRequest, framed = false): void {
  const site = headers['sec-fetch-site'];
  const foreign =
    site === undefined
      ? isForeign(headers.referer, headers.host ?? '')
      : site !== 'same-origin' && site !== 'none';
  if (!foreign) return;
  const opens =
    (method === 'GET' || method === 'HEAD') &&
    (site === undefined ||
      (headers['sec-fetch-mode'] === 'navigate' &&
        (headers['sec-fetch-dest'] === 'document' ||
          (framed && headers['sec-fetch-dest'] === 'iframe' && FRAMED.has(routeOptions.url ?? '')))));
  if (opens && routeOptions.url?.startsWith('/api/') !== true) return;
  throw new PeepholeError('forbidden', 'Requests from pages of other sites are not answered.');
}

/** Older browsers say no site, but where a link was. */
function isForeign(referer: string | undefined, host: string): boolean {
  return referer !== undefined && !(URL.canParse(referer) && new URL(referer).host === host);
}
