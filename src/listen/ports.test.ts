import { expect, test } from 'vitest';
import { parsePorts } from './ports.ts';

test('ports are given singly, as ranges and with a protocol, and each counts once', () => {
  expect(parsePorts(['80', '8000-8002', 'udp/53', 'TCP/80'])).toEqual([
    { protocol: 'tcp', port: 80 },
    { protocol: 'tcp', port: 8000 },
    { protocol: 'tcp', port: 8001 },
    { protocol: 'tcp', port: 8002 },
    { protocol: 'udp', port: 53 },
  ]);
});

test.each(['', 'http', '65536', '9-8', '-1', 'sctp/80', '1-2-3', '1.5'])('%j is not a port', (text) => {
  expect(() => parsePorts([text])).toThrow(/is not a port/);
});

test('too many ports for the file handles, or no port, are refused', () => {
  expect(() => parsePorts(['1-65535'])).toThrow(/More than 1000 ports/);
  expect(() => parsePorts([])).toThrow(/No port/);
});
