import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

const SESSION_REQUEST = 0x81;
const NEGOTIATE = 0x72;
const DIALECTS = 39;

/** SMB in NetBIOS sessions or plain TCP ([MS-SMB2] 2.1, [MS-CIFS] 2.2.3.1), by the name in its header. */
export const parseSmb: Parser = (bytes) => {
  // A session request has two names of 34 bytes (RFC 1002, 4.3.2).
  if (bytes[0] === SESSION_REQUEST && bytes.length >= 8 && bytes.readUInt16BE(2) === 68 && bytes[4] === 32)
    return { kind: 'smb', details: { request: 'netbios_session' } };
  if (bytes[0] !== 0 || bytes.toString('latin1', 5, 8) !== 'SMB') return null;
  switch (bytes[4]) {
    case 0xff: {
      const details: Record<string, string> = { version: '1' };
      if (bytes[8] === NEGOTIATE)
        details['dialects'] = bytes
          .toString('latin1', DIALECTS, DIALECTS + 512)
          .split('\0')
          .filter((name) => name.startsWith('\u0002'))
          .map((name) => printable(Buffer.from(name.slice(1), 'latin1'), 32))
          .join(', ');
      return { kind: 'smb', details };
    }
    case 0xfe:
      return { kind: 'smb', details: { version: '2 or later' } };
    case 0xfc:
    case 0xfd:
      return { kind: 'smb', details: { version: '3' } };
    default:
      return null;
  }
};
