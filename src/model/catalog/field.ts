/** One row of the catalog: everything the product knows of a flow field. */
export interface Field {
  /** The name in AWS's documentation and in text headers, e.g. `pkt-srcaddr`. */
  readonly aws: string;
  /** Our name, everywhere else: the AWS name in snake_case, e.g. `pkt_srcaddr`. */
  readonly name: string;
  readonly type: FieldType;
  /** Time fields place a record; measures are summed; dimensions are filtered and split by. */
  readonly role: 'time' | 'dimension' | 'measure';
  /** The flow-log version that introduced the field (6 = transit gateway only). */
  readonly version: number;
  readonly unit: 'bytes' | 'packets' | 'seconds' | null;
  /** What people read on the screen, in sentence case. */
  readonly label: string;
  readonly group: FieldGroup;
  readonly description: string;
  /** Whole-number fields: the largest value a record may hold (the smallest is 0). */
  readonly max: number | null;
  /** Text fields with a closed vocabulary: anything else is no record. */
  readonly values: readonly string[] | null;
}

/**
 * - `address`: IPv4 or IPv6, canonical text (RFC 5952 for IPv6).
 * - `text`: any text.
 * - `integer`: a whole number 0..max that is a label (a port), not an amount.
 * - `counter`: a whole number 0..2^63-1 that is an amount.
 * - `time`: Unix seconds, UTC.
 */
export type FieldType = 'address' | 'text' | 'integer' | 'counter' | 'time';

/** The sections of the dimension list, in the order they are shown. */
export const fieldGroups = [
  'Traffic',
  'Destination',
  'Source',
  'Interface',
  'Container',
  'Transit gateway',
  'Next hop',
  'Tags',
  'Record',
] as const;

export type FieldGroup = (typeof fieldGroups)[number];
