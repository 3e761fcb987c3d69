import { printable } from '../printable.ts';
import { ByteReader } from './byte-reader.ts';
import type { Parser } from './recognized.ts';

const CONNECT = 0x10;
const USER_NAME = 0x80;
const WILL = 0x04;
const versions: Readonly<Record<number, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };

/** MQTT by its CONNECT packet (MQTT 3.1.1 and 5.0, 3.1). */
export const parseMqtt: Parser = (bytes) => {
  if (bytes[0] !== CONNECT) return null;
  // The length that remains: up to four bytes of seven bits.
  let at = 1;
  while (at < 4 && ((bytes[at] ?? 0) & 0x80) !== 0) at += 1;
  const reader = new ByteReader(bytes.subarray(at + 1));
  const name = reader.counted(2).rest().toString('latin1');
  if (name !== 'MQTT' && name !== 'MQIsdp') return null;
  const level = reader.number(1);
  const flags = reader.number(1);
  reader.number(2);
  if (level === 5) reader.part(reader.number(1));
  const client = reader.counted(2).rest();
  if ((flags & WILL) !== 0) {
    if (level === 5) reader.part(reader.number(1));
    reader.counted(2);
    reader.counted(2);
  }
  const user = (flags & USER_NAME) === 0 ? null : reader.counted(2).rest();
  return {
    kind: 'mqtt',
    details: {
      version: versions[level] ?? String(level),
      client_id: printable(client, 128),
      ...(user === null ? {} : { user: printable(user, 128) }),
    },
  };
};
