import { escapeLatin1 } from '../printable.ts';
import type { Parser } from './recognized.ts';

const MOST = 256;

/** SIP by its first line (RFC 3261, 7.1): `OPTIONS sip:100@192.0.2.1 SIP/2.0`. */
export const parseSip: Parser = (bytes) => {
  const [line = '', ...rest] = bytes.toString('latin1', 0, 4_096).split(/\r?\n/);
  const request = /^([A-Z]{3,12}) (sips?:\S{0,512}|tel:\S{0,64}) SIP\/2\.0$/.exec(line);
  if (request === null) return null;
  const [, method = '', target = ''] = request;
  const details: Record<string, string> = { method, target: escapeLatin1(target.slice(0, MOST)) };
  for (const header of rest.slice(0, 32)) {
    const [, name = '', value = ''] = /^(From|To|User-Agent)[ \t]*:[ \t]*(.*)$/i.exec(header) ?? [];
    if (name !== '') details[name.toLowerCase().replace('-', '_')] = escapeLatin1(value.slice(0, MOST));
  }
  return { kind: 'sip', details };
};
