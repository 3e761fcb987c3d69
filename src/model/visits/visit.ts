/**
 * What came to an open port and what it sent first: one visit is a TCP connection, or the datagrams that one UDP
 * address sent to one port one after another. A listener writes visits as newline JSON, one object a line; the same
 * lines can be read on any other machine.
 */
export interface Visit {
  /**
   * Its name, unique among all listeners: `LISTENER-NUMBER`, where the listener is 16 random hexadecimal digits made
   * when it starts, and numbers count from 1. A visit that is read twice counts once by it.
   */
  readonly id: string;
  /** When it began: UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly protocol: 'tcp' | 'udp';
  readonly source: End;
  /** The end that it came to, as the machine itself sees it. */
  readonly target: End;
  readonly kind: VisitKind;
  readonly http?: HttpRequest;
  readonly tls?: ClientHello;
  /** What other protocols said, by name: `{"version": "OpenSSH_9.6"}` of SSH, `{"command": "PING"}` of Redis. */
  readonly details?: Readonly<Record<string, string>>;
  /** Received and sent, in bytes. */
  readonly bytes: number;
  readonly sent: number;
  /**
   * The first bytes as text, in printable ASCII alone: what is not stands as `\n`, `\r`, `\t` or `\xHH`; a backslash as
   * `\\`. All other texts of a visit that a stranger sent are written so too.
   */
  readonly preview: string;
  /** Whether there were more bytes than `preview` shows. */
  readonly truncated: boolean;
  /** From the first packet to the end, in milliseconds. */
  readonly duration: number;
  readonly ended: VisitEnd;
}

export interface End {
  /** IPv4 in dotted form, IPv6 in the form of RFC 5952; an IPv4 address that reached an IPv6 socket is IPv4. */
  readonly address: string;
  readonly port: number;
}

/** `other`: bytes of no protocol that is known; `silent`: none were sent before the end. */
export type VisitKind =
  | 'http'
  | 'http2'
  | 'tls'
  | 'ssh'
  | 'redis'
  | 'mysql'
  | 'postgresql'
  | 'mongodb'
  | 'mqtt'
  | 'amqp'
  | 'kafka'
  | 'ldap'
  | 'smb'
  | 'rdp'
  | 'vnc'
  | 'sip'
  | 'dns'
  | 'ntp'
  | 'snmp'
  | 'syslog'
  | 'memcached'
  | 'smtp'
  | 'ftp'
  | 'socks'
  | 'proxy'
  | 'statsd'
  | 'graphite'
  | 'quic'
  | 'stun'
  | 'ssdp'
  | 'other'
  | 'silent';

/** As RFC 9112 has it, as far as it was sent. Every text is cut to the listener's bounds, and hostile. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** `HTTP/1.1`; empty where none was said, as in HTTP/0.9. */
  readonly version: string;
  /** Of the header `Host`, of an absolute request target, or of `:authority`; empty: none. */
  readonly host: string;
  readonly user_agent: string;
  /** In the order they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The start of the body, as `preview` writes bytes. */
  readonly body: string;
}

/** What a TLS client says first (RFC 8446, 4.1.2). */
export interface ClientHello {
  /** The server name that it asks for (RFC 6066, 3); empty: none. */
  readonly server_name: string;
  readonly alpn: readonly string[];
  /** Offered, newest first: `1.3`, `1.2`; `DTLS 1.2` over UDP. */
  readonly versions: readonly string[];
  /** The JA4 fingerprint (FoxIO); empty where the message was cut, or has the form of SSL 2.0. */
  readonly ja4: string;
  /**
   * Whether the handshake was completed. What the client said inside is in the visit too: `http`, and in `details` as
   * `inside` (a kind) and `inside_preview`.
   */
  readonly completed: boolean;
}

/** Who ended it, or which bound. */
export type VisitEnd =
  | 'peer_closed'
  | 'answered'
  /** The listener closed without an answer, after it had read the whole of a first message. */
  | 'listener_closed'
  | 'peer_reset'
  | 'timed_out'
  | 'too_many_bytes'
  | 'listener_stopped'
  /**
   * It was open when the line was written, and no line of its end is known: it is open yet, or its listener was killed.
   * The line of its end has the same id, and takes the place of this one.
   */
  | 'open';

/**
 * A bound that keeps a visit from being kept. `unknown_source` is none of the listener's: the connection was reset before
 * it was accepted, and the system no longer says where it came from.
 */
export type VisitBound =
  | 'connections'
  | 'connections_of_source'
  | 'rate'
  | 'rate_of_source'
  | 'disk'
  | 'unknown_source';

/** A line of the same file for visits past a bound, that were only counted: each is in exactly one such line. */
export interface UnkeptVisits {
  /** As of a visit, and of the same sequence. */
  readonly id: string;
  /** The first and the last of them: UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly last_at: string;
  readonly protocol: 'tcp' | 'udp';
  /** The port of this machine. */
  readonly port: number;
  /** How many were not kept. */
  readonly unkept: number;
  /** Which bound it was. */
  readonly bound: VisitBound;
  /** Where all of them came from, if from one address. */
  readonly source_address: string | null;
}
