import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

/** Requests that stand where a version would (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const requests: Readonly<Record<number, string>> = {
  80_877_102: 'cancel',
  80_877_103: 'ssl',
  80_877_104: 'gss_encryption',
};
const shown: ReadonlySet<string> = new Set(['user', 'database', 'application_name']);
const MOST_PARAMETERS = 32;

/** PostgreSQL by its first message: a length, and a version (3.0, 3.2) with parameters or one of the requests. */
export const parsePostgresql: Parser = (bytes) => {
  if (bytes.length < 8) return null;
  const length = bytes.readUInt32BE(0);
  const code = bytes.readUInt32BE(4);
  const request = requests[code];
  if (request !== undefined && (length === 8 || length >= 16) && length <= 300)
    return { kind: 'postgresql', details: { request } };
  if (code >> 16 !== 3 || (code & 0xffff) > 100 || length < 9 || length > 10_000) return null;
  const details: Record<string, string> = { request: 'startup', version: `3.${code & 0xffff}` };
  let at = 8;
  for (let parameter = 0; parameter < MOST_PARAMETERS; parameter += 1) {
    const nameEnd = bytes.indexOf(0, at);
    const valueEnd = nameEnd <= at ? -1 : bytes.indexOf(0, nameEnd + 1);
    if (valueEnd < 0) break;
    const name = bytes.toString('latin1', at, nameEnd);
    if (shown.has(name)) details[name] = printable(bytes.subarray(nameEnd + 1, valueEnd), 128);
    at = valueEnd + 1;
  }
  return { kind: 'postgresql', details };
};
