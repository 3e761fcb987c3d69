import type { ClientHello, HttpRequest, VisitKind } from '../../model/visits/visit.ts';

/** What the first bytes of a visit are. Texts are as `printable` writes them. */
export interface Recognized {
  readonly kind: VisitKind;
  readonly http?: HttpRequest;
  readonly tls?: Omit<ClientHello, 'completed'>;
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * Tells a protocol by its first bytes, all that came of them; null if they are not of this protocol. Never throws, takes
 * time in proportion to the bytes, and reads nothing but them.
 */
export type Parser = (bytes: Buffer) => Recognized | null;
