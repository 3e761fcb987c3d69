import type { Parser } from './recognized.ts';

/** AMQP by its header: its name and a version (AMQP 0-9-1, 4.2.2; AMQP 1.0, 2.2). */
export const parseAmqp: Parser = (bytes) => {
  if (bytes.toString('latin1', 0, 4) !== 'AMQP' || bytes.length < 8) return null;
  const [protocol = 0, major = 0, minor = 0, revision = 0] = bytes.subarray(4, 8);
  // 1.0 has 1.0.0 in the last three bytes; before, the last three were 0-9-1, or 1, 0-9 after another 1.
  const version = major === 1 ? `${major}.${minor}` : `${major}-${minor}-${revision}`;
  return { kind: 'amqp', details: { version, protocol: String(protocol) } };
};
