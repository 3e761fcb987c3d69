import { escapeLatin1 } from '../printable.ts';
import type { Parser } from './recognized.ts';

/** SMTP by the first command of a client (RFC 5321, 4.1.1.1; LMTP, RFC 2033). */
export const parseSmtp: Parser = (bytes) => {
  // Some probes say no name.
  const line = /^(?:EHLO|HELO|LHLO)(?: ([^\r\n]{0,255}))?\r?\n/i.exec(bytes.toString('latin1', 0, 300));
  return line === null ? null : { kind: 'smtp', details: { name: escapeLatin1((line[1] ?? '').trim()) } };
};

/** FTP by the first command of a client (RFC 959, RFC 2228, RFC 2389). POP3 has USER too, and is taken for it. */
export const parseFtp: Parser = (bytes) => {
  const line = /^(?:USER [^\r\n]{1,200}|AUTH (?:TLS|SSL)|FEAT|SYST)\r?\n/i.exec(
    bytes.toString('latin1', 0, 256),
  )?.[0];
  return line === undefined ? null : { kind: 'ftp', details: { command: escapeLatin1(line.trim()) } };
};
