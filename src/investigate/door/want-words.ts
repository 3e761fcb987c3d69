import type { VisitWant } from '../../model/visits/visit-request.ts';

/** Names of kinds for sentences. */
const kindNames: Partial<Readonly<Record<VisitWant['kind'], string>>> = {
  http: 'HTTP', http2: 'HTTP/2', tls: 'TLS', ssh: 'SSH', redis: 'Redis', mysql: 'MySQL', postgresql: 'PostgreSQL',
  mongodb: 'MongoDB', mqtt: 'MQTT', amqp: 'AMQP', kafka: 'Kafka', ldap: 'LDAP', smb: 'SMB', rdp: 'RDP', vnc: 'VNC',
  sip: 'SIP', dns: 'DNS', ntp: 'NTP', snmp: 'SNMP', smtp: 'SMTP', ftp: 'FTP', socks: 'SOCKS', statsd: 'StatsD',
  graphite: 'Graphite', quic: 'QUIC', stun: 'STUN', ssdp: 'SSDP', proxy: 'the PROXY protocol',
}; // prettier-ignore

export function kindName(kind: VisitWant['kind']): string {
  return kindNames[kind] ?? kind;
}

/**
 * What a visitor does, as the end of a sentence: "asks `POST /v1/ingest` of metrics.example". Texts of strangers are in
 * it as they came.
 *
 * @param many whether the sentence is about several
 */
export function wantWords({ kind, host, request, agent }: VisitWant, many: boolean): string {
  const verb = (one: string): string => (many ? one : `${one}s`);
  const as = agent === '' ? '' : ` with agent \`${agent}\``;
  if (kind === 'silent') return `${verb('connect')} and ${many ? 'say' : 'says'} nothing`;
  if (kind === 'other') return `${verb('send')} bytes of no protocol that is known`;
  if (kind === 'http')
    return `${verb('ask')} \`${request}\`${host === '' ? ' without naming a host' : ` of ${host}`}${as}`;
  const what = request === '' ? '' : ` (\`${request}\`)`;
  const of = host === '' ? '' : ` and ${verb('ask')} for ${host}`;
  return `${verb('speak')} ${kindName(kind)}${what}${of}${as}`;
}
