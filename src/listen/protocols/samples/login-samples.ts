import { type ClientSample, hex, tcp, text, udp, zeros } from './client-sample.ts';

/** Clients that log in: shells, directories, shares, screens, mail, files. */
export const loginSamples: readonly ClientSample[] = [
  tcp('OpenSSH', 'ssh', text('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'), {
    version: 'OpenSSH_9.2p1 Debian-2+deb12u3',
    protocol: '2.0',
  }),
  tcp('a Go scanner', 'ssh', text('SSH-2.0-Go\r\n'), { version: 'Go', protocol: '2.0' }),
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
  tcp('a mail client', 'smtp', text('EHLO mail.example\r\n'), { name: 'mail.example' }),
  tcp('an FTP client', 'ftp', text('USER anonymous\r\n'), { command: 'USER anonymous' }),
  tcp('nmap Hello', 'smtp', text('EHLO\r\n'), { name: '' }),
];
