import type { End, Visit, VisitEnd } from '../model/visits/visit.ts';
import { printable } from './printable.ts';
import { parseQuicHello } from './protocols/client-hello.ts';
import { recognize } from './protocols/recognize.ts';
import type { Recognized } from './protocols/recognized.ts';

/** Bytes that a preview shows. */
const PREVIEW = 512;

/** A visit that has ended, before it has its name. */
export type VisitDraft = Omit<Visit, 'id'>;

export interface EndedVisit {
  readonly protocol: 'tcp' | 'udp';
  readonly source: End;
  readonly target: End;
  /** When it began, in milliseconds of `Date`, and how long it took, in milliseconds of a clock that is never set. */
  readonly at: number;
  readonly duration: number;
  /** What it sent, as far as it was kept, and how many bytes in all. */
  readonly kept: Buffer;
  readonly bytes: number;
  readonly sent: number;
  readonly end: VisitEnd;
  /** What was said within TLS, if its handshake was completed. */
  readonly inside?: Buffer;
  /** The first handshake message of QUIC, if it came in several datagrams. */
  readonly quicHandshake?: Buffer;
}

/** The record of a visit: what it was, as its bytes tell. */
export function describeVisit(visit: EndedVisit): VisitDraft {
  const { protocol, source, target, kept, bytes, sent, inside } = visit;
  // What there was no memory for was said all the same.
  const recognized: Recognized =
    kept.length === 0 && bytes > 0 ? { kind: 'other' } : recognize(kept, protocol);
  const { kind, http, details } = recognized;
  const tls = (visit.quicHandshake && parseQuicHello(visit.quicHandshake)) ?? recognized.tls;
  const within = inside === undefined ? undefined : recognize(inside, protocol);
  const shownDetails = {
    ...details,
    ...within?.details,
    ...(within === undefined || inside === undefined
      ? {}
      : { inside: within.kind, inside_preview: printable(inside, PREVIEW) }),
  };
  const request = http ?? within?.http;
  return {
    at: new Date(visit.at).toISOString(),
    protocol,
    source,
    target,
    kind,
    ...(request === undefined ? {} : { http: request }),
    ...(tls === undefined ? {} : { tls: { ...tls, completed: inside !== undefined } }),
    ...(Object.keys(shownDetails).length === 0 ? {} : { details: shownDetails }),
    bytes,
    sent,
    preview: printable(kept, PREVIEW),
    truncated: bytes > PREVIEW,
    duration: Math.round(visit.duration),
    ended: visit.end,
  };
}
