import { type ClientSample, hex, tcp, text } from './client-sample.ts';

/** What no protocol is recognized in. */
export const unrecognizedSamples: readonly ClientSample[] = [
  tcp('nmap GenericLines', 'other', text('\r\n\r\n')),
  tcp(
    'nmap RPCCheck',
    'other',
    hex(
      '80000028 72fe1d13 00000000 00000002 000186a0 00019 77c 00000000 00000000 00000000 00000000 00000000',
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
