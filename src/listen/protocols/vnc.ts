import type { Parser } from './recognized.ts';

/** VNC by the version that both ends send (RFC 6143, 7.1.1): `RFB 003.008\n`. */
export const parseVnc: Parser = (bytes) => {
  const version = /^RFB (\d{3}\.\d{3})\n/.exec(bytes.toString('latin1', 0, 12))?.[1];
  return version === undefined ? null : { kind: 'vnc', details: { version } };
};
