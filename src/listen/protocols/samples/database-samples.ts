import { type ClientSample, hex, tcp, text, udp, zeros } from './client-sample.ts';

/** Clients of databases, caches and message brokers. */
export const databaseSamples: readonly ClientSample[] = [
  tcp('redis-cli', 'redis', text('*2\r\n$7\r\nCOMMAND\r\n$4\r\nDOCS\r\n'), { command: 'COMMAND DOCS' }),
  tcp(
    'a Redis worm',
    'redis',
    text('*1\r\n$8\r\nFLUSHALL\r\n*3\r\n$3\r\nset\r\n$1\r\nx\r\n$5\r\n\n\n*/1\r\n'),
    { command: 'FLUSHALL', more_commands: 'set x \\n\\n*/1' },
  ),
  tcp('nmap redis-server', 'redis', text('*1\r\n$4\r\ninfo\r\n'), { command: 'info' }),
  tcp('telnet to Redis', 'redis', text('PING\r\n'), { command: 'PING' }),
  tcp(
    'mysql after a greeting',
    'mysql',
    Buffer.concat([
      hex('54000001 85a6ff20 00000001 21'),
      zeros(23),
      text('root\0'),
      hex('14'),
      Buffer.alloc(20, 7),
      text('mysql_native_password\0'),
    ]),
    { request: 'login', user: 'root' },
  ),
  tcp('mysql that wants TLS', 'mysql', Buffer.concat([hex('20000001 85aeff20 00000001 21'), zeros(23)]), {
    request: 'ssl',
  }),
  tcp('psql', 'postgresql', hex('00000008 04d2162f'), { request: 'ssl' }),
  tcp(
    'psql sslmode=disable',
    'postgresql',
    Buffer.concat([
      hex('00000049 00030000'),
      text('user\0postgres\0database\0app\0application_name\0psql\0client_encoding\0UTF8\0\0'),
    ]),
    { request: 'startup', version: '3.0', user: 'postgres', database: 'app', application_name: 'psql' },
  ),
  tcp(
    'nmap mongodb',
    'mongodb',
    Buffer.concat([
      hex('41000000 3a300000 ffffffff d4070000 00000000'),
      text('test.$cmd\0'),
      hex('00000000 ffffffff 1b000000 01'),
      text('serverStatus\0'),
      hex('000000000000f03f00'),
    ]),
    { command: 'serverStatus' },
  ),
  tcp(
    'mongosh',
    'mongodb',
    Buffer.concat([
      hex('35000000 01000000 00000000 dd070000 00000000 00 20000000 10'),
      text('hello\0'),
      hex('01000000 02'),
      text('$db\0'),
      hex('06000000'),
      text('admin\0'),
      hex('00'),
    ]),
    { command: 'hello' },
  ),
  tcp(
    'mosquitto_sub',
    'mqtt',
    Buffer.concat([
      hex('10 1c 0004'),
      text('MQTT'),
      hex('04 82 003c 0006'),
      text('mosq-1'),
      hex('0006'),
      text('sensor'),
    ]),
    { version: '3.1.1', client_id: 'mosq-1', user: 'sensor' },
  ),
  tcp(
    'MQTT 5',
    'mqtt',
    Buffer.concat([hex('10 13 0004'), text('MQTT'), hex('05 02 003c 03 210014 0003'), text('abc')]),
    { version: '5.0', client_id: 'abc' },
  ),
  tcp('RabbitMQ client', 'amqp', hex('414d5150 00 00 09 01'), { version: '0-9-1', protocol: '0' }),
  tcp('AMQP 1.0', 'amqp', hex('414d5150 00 01 00 00'), { version: '1.0', protocol: '0' }),
  tcp(
    'librdkafka',
    'kafka',
    Buffer.concat([
      hex('00000024 0012 0003 00000001 0007'),
      text('rdkafka'),
      hex('00 0b'),
      text('librdkafka'),
      hex('06'),
      text('2.0.2'),
      hex('00'),
    ]),
    { api: 'ApiVersions', version: '3', client_id: 'rdkafka', software: 'librdkafka 2.0.2' },
  ),
  tcp('nmap memcached', 'memcached', text('stats\r\n'), { command: 'stats' }),
  tcp(
    'memcached binary',
    'memcached',
    Buffer.concat([hex('80 0b 0000 00 00 0000 00000000 00000000'), zeros(8)]),
    { opcode: '11' },
  ),
  udp('an amplifier scan', 'memcached', Buffer.concat([hex('0001 0000 0001 0000'), text('stats\r\n')]), {
    command: 'stats',
  }),
];
