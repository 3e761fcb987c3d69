import type { VisitKind } from '../../model/visits/visit.ts';
import { rfc9001Datagram } from './quic-sample.ts';
import { rfc9369Datagram } from './quic-v2-sample.ts';

/** First bytes that clients send, for tests: written after the standards of their protocols, not captured. */
export interface ClientSample {
  readonly client: string;
  readonly protocol: 'tcp' | 'udp';
  readonly bytes: Buffer;
  readonly kind: VisitKind;
  readonly details?: Readonly<Record<string, string>>;
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const hex = (value: string): Buffer => Buffer.from(value.replace(/\s/g, ''), 'hex');
const zeros = (count: number): Buffer => Buffer.alloc(count);

const tcp = (
  client: string,
  kind: VisitKind,
  bytes: Buffer,
  details?: Readonly<Record<string, string>>,
): ClientSample => ({
  client,
  protocol: 'tcp',
  bytes,
  kind,
  ...(details === undefined ? {} : { details }),
});
const udp = (...sample: Parameters<typeof tcp>): ClientSample => ({ ...tcp(...sample), protocol: 'udp' });

export const clientSamples: readonly ClientSample[] = [
  tcp(
    'curl',
    'http',
    text('GET / HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n'),
  ),
  tcp('nmap HTTPOptions', 'http', text('OPTIONS / HTTP/1.0\r\n\r\n')),
  tcp(
    'curl --http2-prior-knowledge',
    'http2',
    Buffer.concat([
      text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      hex('000012040000000000000300000064000402000000000200000000'),
      hex('000011010500000001 828684418cf1e3c2e5f23a6ba0ab90f4ff'),
    ]),
  ),
  tcp('OpenSSH', 'ssh', text('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'), {
    version: 'OpenSSH_9.2p1 Debian-2+deb12u3',
    protocol: '2.0',
  }),
  tcp('a Go scanner', 'ssh', text('SSH-2.0-Go\r\n'), { version: 'Go', protocol: '2.0' }),
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
  tcp(
    'nmap LDAPSearchReq',
    'ldap',
    Buffer.concat([
      hex('308400000 02d 020107 6384 00000024 0400 0a0100 0a0100 020100 020164 010100 870b'),
      text('objectClass'),
      hex('308400000000'),
    ]),
    { operation: 'search', name: '' },
  ),
  tcp('nmap LDAPBindReq', 'ldap', hex('300c 020101 6007 020102 0400 8000'), { operation: 'bind', name: '' }),
  udp(
    'CLDAP ping',
    'ldap',
    Buffer.concat([
      hex('3025 020101 6320 0400 0a0100 0a0100 020100 020100 010100 870b'),
      text('objectclass'),
      hex('3000'),
    ]),
    { operation: 'search', name: '' },
  ),
  tcp(
    'nmap SMBProgNeg',
    'smb',
    Buffer.concat([
      hex('000000a4 ff534d42 72 00000000 08 0140 0000 0000000000000000 0000 0000 0640 0000 0100 00 8100'),
      hex('02'),
      text('PC NETWORK PROGRAM 1.0\0'),
      hex('02'),
      text('NT LM 0.12\0'),
    ]),
    { version: '1', dialects: 'PC NETWORK PROGRAM 1.0, NT LM 0.12' },
  ),
  tcp('Windows', 'smb', Buffer.concat([hex('000000fc fe534d42 4000'), zeros(80)]), { version: '2 or later' }),
  tcp(
    'nmap TerminalServerCookie',
    'rdp',
    Buffer.concat([
      hex('0300002a 25 e0 0000 0000 00'),
      text('Cookie: mstshash=nmap\r\n'),
      hex('01 00 0800 03000000'),
    ]),
    { user: 'nmap', security: 'tls, credssp' },
  ),
  tcp('nmap TerminalServer', 'rdp', hex('0300000b 06 e0 0000 0000 00')),
  tcp('a VNC scanner', 'vnc', text('RFB 003.008\n'), { version: '003.008' }),
  tcp(
    'nmap SIPOptions',
    'sip',
    text(
      'OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\nFrom: <sip:nm@nm>;tag=root\r\nTo: <sip:nm2@nm2>\r\nCall-ID: 50000\r\n\r\n',
    ),
    { method: 'OPTIONS', target: 'sip:nm', from: '<sip:nm@nm>;tag=root', to: '<sip:nm2@nm2>' },
  ),
  udp(
    'friendly-scanner',
    'sip',
    text('OPTIONS sip:100@192.0.2.1 SIP/2.0\r\nUser-Agent: friendly-scanner\r\n\r\n'),
    { method: 'OPTIONS', target: 'sip:100@192.0.2.1', user_agent: 'friendly-scanner' },
  ),
  tcp(
    'nmap DNSVersionBindReqTCP',
    'dns',
    Buffer.concat([
      hex('001e 0006 0100 0001 0000 0000 0000 07'),
      text('version'),
      hex('04'),
      text('bind'),
      hex('00 0010 0003'),
    ]),
    { name: 'version.bind', type: 'TXT', class: 'CH' },
  ),
  udp(
    'dig',
    'dns',
    Buffer.concat([
      hex('1a2b 0120 0001 0000 0000 0001 07'),
      text('example'),
      hex('03'),
      text('com'),
      hex('00 0001 0001 00 0029 1000 0000 0000 0000'),
    ]),
    { name: 'example.com', type: 'A', class: 'IN' },
  ),
  udp(
    'nmap NBTStat',
    'dns',
    Buffer.concat([
      hex('80f0 0010 0001 0000 0000 0000 20'),
      text('CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
      hex('00 0021 0001'),
    ]),
    { name: 'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', type: 'NBSTAT or SRV', class: 'IN' },
  ),
  udp(
    'mDNS',
    'dns',
    Buffer.concat([
      hex('0000 0000 0001 0000 0000 0000 09'),
      text('_services'),
      hex('07'),
      text('_dns-sd'),
      hex('04'),
      text('_udp'),
      hex('05'),
      text('local'),
      hex('00 000c 8001'),
    ]),
    { name: '_services._dns-sd._udp.local', type: 'PTR', class: 'IN' },
  ),
  udp(
    'nmap NTPRequest',
    'ntp',
    Buffer.concat([hex('e3 00 04 fa 00010000 00010000'), zeros(28), hex('c54f234b71b152f3')]),
    { version: '4', mode: 'client' },
  ),
  udp('monlist', 'ntp', Buffer.concat([hex('17 00 03 2a'), zeros(4)]), { version: '2', mode: 'private' }),
  udp(
    'nmap SNMPv1public',
    'snmp',
    hex(
      '3082002f 020100 0406 7075626c6963 a082 0020 02044c33a756 020100 020100 3082 0010 3082 000c 0608 2b06010201010500 0500',
    ),
    { version: '1', community: 'public', operation: 'get' },
  ),
  udp(
    'nmap SNMPv3GetRequest',
    'snmp',
    hex(
      '303a 020103 300f 02024a69 02030 0ffe3 040104 020103 0410 300e 0400 020100 020100 0400 0400 0400 3012 0400 0400 a00c 02021 7f7 020100 020100 3000'.replace(
        / /g,
        '',
      ),
    ),
    { version: '3' },
  ),
  udp('logger', 'syslog', text('<13>Nov 28 18:00:00 host app: hello'), { facility: '1', severity: 'notice' }),
  tcp('rsyslog', 'syslog', text('58 <165>1 2026-11-28T18:00:00Z host app - ID47 - hello'), {
    facility: '20',
    severity: 'notice',
  }),
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
  tcp(
    'nmap Socks5',
    'socks',
    Buffer.concat([
      hex('05 04 00010280 05010003 0a'),
      text('google.com'),
      hex('0050'),
      text('GET / HTTP/1.0\r\n\r\n'),
    ]),
    { version: '5', methods: '0, 1, 2, 128' },
  ),
  tcp('curl --socks5', 'socks', hex('05 02 00 02'), { version: '5', methods: '0, 2' }),
  tcp('nmap Socks4', 'socks', Buffer.concat([hex('04 01 0016 7f000001'), text('root\0')]), {
    version: '4',
    command: 'connect',
    target: '127.0.0.1:22',
  }),
  tcp('curl --socks4a', 'socks', Buffer.concat([hex('04 01 0050 00000001'), text('\0example.com\0')]), {
    version: '4a',
    command: 'connect',
    target: 'example.com:80',
  }),
  tcp(
    'a load balancer',
    'proxy',
    text('PROXY TCP4 198.51.100.1 192.0.2.1 1234 80\r\nGET /behind HTTP/1.1\r\nHost: a\r\n\r\n'),
    { version: '1', claimed_source: '198.51.100.1 1234', claimed_target: '192.0.2.1 80' },
  ),
  tcp(
    'a network load balancer',
    'proxy',
    hex('0d0a0d0a000d0a515549540a 21 11 000c c6336401 c0000201 04d2 0050'),
    { version: '2', claimed_source: '198.51.100.1 1234' },
  ),
  udp('a statsd client', 'statsd', text('app.requests:1|c|#env:prod'), { metric: 'app.requests' }),
  tcp('a Graphite client', 'graphite', text('servers.a.load 0.5 1700000000\n'), { metric: 'servers.a.load' }),
  udp('nmap STUN_BIND', 'stun', Buffer.concat([hex('0001 0000 2112a442'), Buffer.alloc(12, 9)]), {
    type: 'binding',
  }),
  udp(
    'a browser',
    'quic',
    Buffer.concat([hex('c3 00000001 08 8394c8f03e515708 00 00 449e'), Buffer.alloc(1_182, 5)]),
    { version: '1', connection_id: '8394c8f03e515708' },
  ),
  udp('the client of RFC 9001', 'quic', rfc9001Datagram, { version: '1', connection_id: '8394c8f03e515708' }),
  udp(
    'a search for devices',
    'ssdp',
    text(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
    ),
    { method: 'M-SEARCH', target: 'ssdp:all' },
  ),
  tcp('a mail client', 'smtp', text('EHLO mail.example\r\n'), { name: 'mail.example' }),
  tcp('an FTP client', 'ftp', text('USER anonymous\r\n'), { command: 'USER anonymous' }),
  tcp(
    'an old client',
    'tls',
    Buffer.concat([
      hex('802e 01 0301 0015 0000 0010 000039 000038 000035 00000a 000005 010080 0700c0'),
      Buffer.alloc(16, 7),
    ]),
  ),
  udp(
    'a DTLS client',
    'tls',
    Buffer.concat([
      hex('16 feff 0000 000000000000 0038 01 00002c 0000 000000 00002c fefd'),
      Buffer.alloc(32, 5),
      hex('00 00 0004 c02b 002f 0100'),
    ]),
  ),
  tcp('nmap DNSStatusRequestTCP', 'dns', hex('000c 0000 1000 0000000000000000'), { operation: 'status' }),
  udp('nmap DNSStatusRequest', 'dns', hex('0000 1000 0000000000000000'), { operation: 'status' }),
  udp("Google's QUIC", 'quic', Buffer.concat([hex('0d 0102030405060708'), text('Q043\x01')]), {
    version: 'Q043',
    connection_id: '0102030405060708',
  }),
  udp('the client of RFC 9369', 'quic', rfc9369Datagram, { version: '2', connection_id: '8394c8f03e515708' }),
  tcp('nmap Hello', 'smtp', text('EHLO\r\n'), { name: '' }),
  tcp('empty lines before a request', 'http', text('\r\n\nGET /late HTTP/1.1\r\nHost: a\r\n\r\n')),
  tcp('nmap GenericLines', 'other', text('\r\n\r\n')),
  tcp(
    'nmap RPCCheck',
    'other',
    hex(
      '80000028 72fe1d13 00000000 00000002 000186a0 00019 77c 00000000 00000000 00000000 00000000 00000000'.replace(
        / /g,
        '',
      ),
    ),
  ),
  tcp('nmap X11Probe', 'other', hex('6c00 0b00 0000 0000 0000 0000')),
  tcp(
    'nmap Kerberos',
    'other',
    hex('00000071 6a816e30 816ba103 020105a2 03 02010aa4 81 5e305ca0 07030500 50800010 a2041b02 4e4da317'),
  ),
  tcp('a line', 'other', text('hello world\n')),
];
