import { expect, test } from 'vitest';
import { parseGreetings } from './greetings.ts';
import { parsePorts } from './ports.ts';

test('a greeting is sent at the usual port of its protocol, or at the given one', () => {
  const greetings = parseGreetings(['ssh', 'smtp@2525', 'ftp@21'], parsePorts(['21-22', '2525']));
  expect([...greetings].map(([port, bytes]) => [port, bytes.toString('latin1')])).toEqual([
    [22, 'SSH-2.0-server\r\n'],
    [2525, '220 localhost ESMTP\r\n'],
    [21, '220 Ready\r\n'],
  ]);
});

test('the greeting of MySQL is a protocol 10 packet with a random challenge', () => {
  const ports = parsePorts(['3306']);
  const [first, second] = [0, 1].map(() => parseGreetings(['mysql'], ports).get(3306));
  expect(first?.readUIntLE(0, 3)).toBe((first?.length ?? 0) - 4);
  expect(first?.toString('latin1', 4, 8)).toBe('\n8.0');
  // A client expects them after the version, the connection id, the first part of the challenge and a zero.
  const capabilities = (first?.readUInt16LE(22) ?? 0) + ((first?.readUInt16LE(27) ?? 0) << 16);
  expect(capabilities).toBe(0x00088209);
  expect(first?.[29]).toBe(21);
  expect(first?.toString('latin1', 40 + 12)).toBe('\0mysql_native_password\0');
  expect(first).not.toEqual(second);
});

test('an unknown greeting, or one at a port that is not listened on, is refused', () => {
  expect(() => parseGreetings(['pop3'], parsePorts(['110']))).toThrow(/is not a greeting/);
  expect(() => parseGreetings(['ssh@x'], parsePorts(['22']))).toThrow(/is not a greeting/);
  expect(() => parseGreetings(['ssh'], parsePorts(['2222', 'udp/22']))).toThrow(/--greet ssh@PORT/);
});
