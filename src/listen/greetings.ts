import { randomBytes } from 'node:crypto';
import { PeepholeError } from '../model/errors.ts';
import { greetingPorts, type Greeted } from '../model/visits/greeting.ts';
import type { ListenPort } from './ports.ts';

/** The greeting shows the protocol, and nothing about this machine or program. */
const greetings: Readonly<Record<Greeted, () => Buffer>> = {
  ssh: () => Buffer.from('SSH-2.0-server\r\n', 'latin1'),
  smtp: () => Buffer.from('220 localhost ESMTP\r\n', 'latin1'),
  mysql: mysqlGreeting,
  ftp: () => Buffer.from('220 Ready\r\n', 'latin1'),
};

/**
 * The greetings that texts such as `ssh` or `smtp@2525` name, by TCP port. Throws `usage` for an unknown one, and for a
 * port that is not listened on.
 */
export function parseGreetings(
  texts: readonly string[],
  ports: readonly ListenPort[],
): ReadonlyMap<number, Buffer> {
  const byPort = new Map<number, Buffer>();
  for (const text of texts) {
    const [name = '', portText, ...more] = text.trim().toLowerCase().split('@');
    if (!isGreeted(name) || more.length > 0 || (portText !== undefined && !/^\d{1,5}$/.test(portText)))
      throw new PeepholeError(
        'usage',
        `${text} is not a greeting; write ssh, smtp, mysql or ftp, perhaps with a port: ssh@2222.`,
      );
    const port = portText === undefined ? greetingPorts[name] : Number(portText);
    if (!ports.some((each) => each.protocol === 'tcp' && each.port === port))
      throw new PeepholeError(
        'usage',
        `--greet ${text} is for port ${port}, which is not listened on. Add --port ${port}, or name the port: --greet ${name}@PORT.`,
      );
    byPort.set(port, greetings[name]());
  }
  return byPort;
}

function isGreeted(name: string): name is Greeted {
  return Object.hasOwn(greetingPorts, name);
}

/**
 * Protocol::HandshakeV10 of MySQL 8 without TLS, so that a client sends its user name at once:
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
 */
function mysqlGreeting(): Buffer {
  // A challenge is 20 bytes, none of them zero.
  const challenge = randomBytes(20).map((byte) => byte || 1);
  const payload = Buffer.concat([
    Buffer.of(10),
    Buffer.from('8.0\0', 'latin1'),
    Buffer.from('01000000', 'hex'),
    challenge.subarray(0, 8),
    // A zero; capabilities: long password, database, protocol 41, secure connection; latin1; autocommit; plug-ins.
    Buffer.from('00098208020008001500000000000000000000', 'hex'),
    challenge.subarray(8),
    Buffer.from('\0mysql_native_password\0', 'latin1'),
  ]);
  return Buffer.concat([Buffer.of(payload.length, 0, 0, 0), payload]);
}
