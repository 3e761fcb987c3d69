import { escapeLatin1 } from '../printable.ts';
import { parseHttp } from './http.ts';
import type { Parser } from './recognized.ts';

/** SSDP, the search for devices of UPnP: requests in the form of HTTP with methods of its own. */
export const parseSsdp: Parser = (bytes) => {
  const http = parseHttp(bytes)?.http;
  if (http?.path !== '*' || (http.method !== 'M-SEARCH' && http.method !== 'NOTIFY')) return null;
  const target = http.headers.find(([name]) => /^(st|nt)$/i.test(name))?.[1] ?? '';
  return { kind: 'ssdp', details: { method: http.method, target: escapeLatin1(target) } };
};
