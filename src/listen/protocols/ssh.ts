import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

/** SSH by the line that a client begins with (RFC 4253, 4.2): `SSH-2.0-OpenSSH_9.6 comment`. */
export const parseSsh: Parser = (bytes) => {
  const line = /^SSH-(\d\.\d{1,2})-([^\r\n]*)/.exec(bytes.toString('latin1', 0, 255));
  if (line === null) return null;
  const [, protocol = '', software = ''] = line;
  return { kind: 'ssh', details: { version: printable(Buffer.from(software, 'latin1'), 255), protocol } };
};
