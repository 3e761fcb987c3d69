import type { VisitKind } from '../../../model/visits/visit.ts';

/** First bytes that a client sends, for tests: written after the standard of its protocol, not captured. */
export interface ClientSample {
  readonly client: string;
  readonly protocol: 'tcp' | 'udp';
  readonly bytes: Buffer;
  readonly kind: VisitKind;
  readonly details?: Readonly<Record<string, string>>;
}

export const text = (value: string): Buffer => Buffer.from(value, 'latin1');
/** Bytes in hexadecimal digits; spaces group them. */
export const hex = (value: string): Buffer => Buffer.from(value.replace(/\s/g, ''), 'hex');
export const zeros = (count: number): Buffer => Buffer.alloc(count);

export const tcp = (
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

export const udp = (...sample: Parameters<typeof tcp>): ClientSample => ({
  ...tcp(...sample),
  protocol: 'udp',
});
