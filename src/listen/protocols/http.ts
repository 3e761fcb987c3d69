import type { HttpRequest } from '../../model/visits/visit.ts';
import { escapeLatin1, printable } from '../printable.ts';
import { MOST_BODY, MOST_HEADERS, MOST_NAME, MOST_PATH, MOST_VALUE } from './http-bounds.ts';
import type { Recognized } from './recognized.ts';

const oldMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** An HTTP request of version 1 or before, also one that was cut after its first line. */
export function parseHttp(all: Buffer): Recognized | null {
  const bytes = all.subarray(blankLines(all));
  const first = lineEnd(bytes, 0, MOST_PATH + 64);
  const line = bytes.toString('latin1', 0, first.end).trimEnd();
  const space = line.indexOf(' ');
  const method = line.slice(0, Math.max(0, space));
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/.test(method)) return null;
  // The version is looked for at the end alone, since a target may hold blanks by mistake.
  const version = / (HTTP\/\d(?:\.\d)?)$/.exec(line.slice(-9))?.[1] ?? '';
  const target = line.slice(space, line.length - version.length).trim();
  // HTTP/0.9 had a method and a path alone.
  if (version === '' && !(oldMethods.has(method) && target.startsWith('/') && first.next > 0)) return null;
  const { headers, bodyStart } =
    version === '' ? { headers: [], bodyStart: -1 } : parseHeaders(bytes, first.next);
  const http: HttpRequest = {
    method,
    path: escapeLatin1(target.slice(0, MOST_PATH)),
    version,
    host: escapeLatin1(hostOf(method, target, headers)),
    user_agent: escapeLatin1(headerOf(headers, 'user-agent')),
    headers: headers.map(([name, value]) => [escapeLatin1(name), escapeLatin1(value)]),
    body: bodyStart < 0 ? '' : printable(bytes.subarray(bodyStart), MOST_BODY),
  };
  return { kind: 'http', http };
}

/** Bytes of the empty lines before a request, which servers skip (RFC 9112, 2.2); no more than a few are. */
export function blankLines(bytes: Buffer): number {
  return /^(?:\r?\n){0,4}/.exec(bytes.toString('latin1', 0, 8))?.[0].length ?? 0;
}

type Header = readonly [name: string, value: string];

/** One character a byte, not escaped yet. `bodyStart` is -1 where the headers don't end. */
function parseHeaders(
  bytes: Buffer,
  start: number,
): { readonly headers: readonly Header[]; readonly bodyStart: number } {
  const headers: [string, string][] = [];
  let at = start;
  while (at > 0 && at < bytes.length) {
    const { end, next } = lineEnd(bytes, at, bytes.length);
    if (end === at && next > 0) return { headers, bodyStart: next };
    const line = bytes.toString('latin1', at, end);
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      // A value that goes on in the next line (RFC 9112, 5.2).
      if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`.slice(0, MOST_VALUE);
    } else if (headers.length < MOST_HEADERS) {
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      headers.push([
        name.slice(0, MOST_NAME),
        colon < 0
          ? ''
          : line
              .slice(colon + 1)
              .trim()
              .slice(0, MOST_VALUE),
      ]);
    }
    at = next;
  }
  return { headers, bodyStart: -1 };
}

function headerOf(headers: readonly Header[], wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

/** That of an absolute target counts more than the header (RFC 9112, 3.2.2); CONNECT names a host and port alone. */
function hostOf(method: string, target: string, headers: readonly Header[]): string {
  if (method === 'CONNECT') return target.slice(0, MOST_VALUE);
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target.slice(0, MOST_PATH))?.[1];
  return absolute ?? headerOf(headers, 'host');
}

/** Where the line ends, and where the next begins (0: there is no line feed). */
function lineEnd(
  bytes: Buffer,
  start: number,
  within: number,
): { readonly end: number; readonly next: number } {
  const feed = bytes.indexOf(0x0a, start);
  if (feed < 0 || feed > start + within) return { end: Math.min(bytes.length, start + within), next: 0 };
  return { end: feed > start && bytes[feed - 1] === 0x0d ? feed - 1 : feed, next: feed + 1 };
}
