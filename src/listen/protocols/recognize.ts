import { parseAmqp } from './amqp.ts';
import { parseDtls, parseOldTls, parseTls } from './client-hello.ts';
import { parseDns, parseDnsOverTcp } from './dns.ts';
import { parseHttp2 } from './http2.ts';
import { parseHttp } from './http.ts';
import { parseKafka } from './kafka.ts';
import { parseLdap } from './ldap.ts';
import { parseFtp, parseSmtp } from './mail-and-files.ts';
import { parseMemcached, parseMemcachedDatagram } from './memcached.ts';
import { parseGraphite, parseStatsd } from './metrics-text.ts';
import { parseMongodb } from './mongodb.ts';
import { parseMqtt } from './mqtt.ts';
import { parseMysql } from './mysql.ts';
import { parseNtp } from './ntp.ts';
import { parsePostgresql } from './postgresql.ts';
import { parseProxy } from './proxy-protocol.ts';
import { parseQuic } from './quic.ts';
import { parseRdp } from './rdp.ts';
import type { Parser, Recognized } from './recognized.ts';
import { parseRedis } from './redis.ts';
import { parseSip } from './sip.ts';
import { parseSmb } from './smb.ts';
import { parseSnmp } from './snmp.ts';
import { parseSocks } from './socks.ts';
import { parseSsdp } from './ssdp.ts';
import { parseSsh } from './ssh.ts';
import { parseStun } from './stun.ts';
import { parseSyslog } from './syslog.ts';
import { parseVnc } from './vnc.ts';

/** Those that are surest come first: a long fixed beginning before lines of text, those before a few bits. */
const overTcp: readonly Parser[] = [
  parseProxy,
  parseHttp2,
  parseTls,
  parseOldTls,
  parseSsh,
  parseSmb,
  parseAmqp,
  parseMqtt,
  parseVnc,
  parseRdp,
  parseSip,
  parseHttp,
  parsePostgresql,
  parseMongodb,
  parseMysql,
  parseRedis,
  parseSyslog,
  parseSmtp,
  parseFtp,
  parseMemcached,
  parseStatsd,
  parseGraphite,
  parseStun,
  parseLdap,
  parseSnmp,
  parseKafka,
  parseDnsOverTcp,
  parseSocks,
];

const overUdp: readonly Parser[] = [
  parseDtls,
  parseSsdp,
  parseSip,
  parseSyslog,
  parseStun,
  parseSnmp,
  parseLdap,
  parseMemcachedDatagram,
  parseStatsd,
  parseGraphite,
  parseDns,
  parseQuic,
  parseNtp,
];

/** What the first bytes of a visit are: `silent` if there are none, `other` if no parser recognizes them. */
export function recognize(bytes: Buffer, protocol: 'tcp' | 'udp'): Recognized {
  if (bytes.length === 0) return { kind: 'silent' };
  for (const parse of protocol === 'tcp' ? overTcp : overUdp) {
    const recognized = parse(bytes);
    if (recognized !== null) return recognized;
  }
  return { kind: 'other' };
}
