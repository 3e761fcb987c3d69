import { type ClientSample, hex, tcp, text, udp, zeros } from './client-sample.ts';

/** Clients of what networks need: names, time, calls, logs, figures. */
export const networkSamples: readonly ClientSample[] = [
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
      '303a 020103 300f 02024a69 02030 0ffe3 040104 020103 0410 300e 0400 020100 020100 0400 0400 0400 3012 0400 0400 a00c 02021 7f7 020100 020100 3000',
    ),
    { version: '3' },
  ),
  udp('logger', 'syslog', text('<13>Nov 28 18:00:00 host app: hello'), { facility: '1', severity: 'notice' }),
  tcp('rsyslog', 'syslog', text('58 <165>1 2026-11-28T18:00:00Z host app - ID47 - hello'), {
    facility: '20',
    severity: 'notice',
  }),
  udp('a statsd client', 'statsd', text('app.requests:1|c|#env:prod'), { metric: 'app.requests' }),
  tcp('a Graphite client', 'graphite', text('servers.a.load 0.5 1700000000\n'), { metric: 'servers.a.load' }),
  udp('nmap STUN_BIND', 'stun', Buffer.concat([hex('0001 0000 2112a442'), Buffer.alloc(12, 9)]), {
    type: 'binding',
  }),
  udp(
    'a search for devices',
    'ssdp',
    text(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
    ),
    { method: 'M-SEARCH', target: 'ssdp:all' },
  ),
  tcp('nmap DNSStatusRequestTCP', 'dns', hex('000c 0000 1000 0000000000000000'), { operation: 'status' }),
  udp('nmap DNSStatusRequest', 'dns', hex('0000 1000 0000000000000000'), { operation: 'status' }),
];
