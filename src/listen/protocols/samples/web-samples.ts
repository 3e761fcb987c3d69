import { type ClientSample, hex, tcp, text, udp } from './client-sample.ts';
import { rfc9001Datagram } from './quic-sample.ts';
import { rfc9369Datagram } from './quic-v2-sample.ts';

/** Clients of the web, and what stands between them and a server. */
export const webSamples: readonly ClientSample[] = [
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
  udp(
    'a browser',
    'quic',
    Buffer.concat([hex('c3 00000001 08 8394c8f03e515708 00 00 449e'), Buffer.alloc(1_182, 5)]),
    { version: '1', connection_id: '8394c8f03e515708' },
  ),
  udp('the client of RFC 9001', 'quic', rfc9001Datagram, { version: '1', connection_id: '8394c8f03e515708' }),
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
  udp("Google's QUIC", 'quic', Buffer.concat([hex('0d 0102030405060708'), text('Q043\x01')]), {
    version: 'Q043',
    connection_id: '0102030405060708',
  }),
  udp('the client of RFC 9369', 'quic', rfc9369Datagram, { version: '2', connection_id: '8394c8f03e515708' }),
  tcp('empty lines before a request', 'http', text('\r\n\nGET /late HTTP/1.1\r\nHost: a\r\n\r\n')),
];
