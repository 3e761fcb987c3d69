import { PeepholeError } from '../../../model/errors.ts';

/** What a batch changes of where a source is read: it may do so only if nobody changed it since this process looked. */
export interface PositionChange {
  readonly source: string;
  readonly name: string;
  /** What it was; null: there was none. */
  readonly before: string | null;
}

/** Identities of delivered messages that a batch adds: only if nobody added any since this process read them. */
export interface IdsChange {
  readonly source: string;
  /** How many batches had added some. */
  readonly version: number;
}

/** A batch may be seen from here on, unless something in it is in already (`LedgerState.judge`). */
export interface CommitRecord {
  readonly kind: 'commit';
  readonly batch: string;
  /** How many `part` records of it come before. */
  readonly parts: number;
  /** Hashes of its inputs. */
  readonly hashes: readonly string[];
  readonly positions: readonly PositionChange[];
  readonly ids: readonly IdsChange[];
}

/**
 * What processes that fill one data source tell each other, in one order for all of them. A batch is named by the place of its
 * `open` in that order.
 */
export type LedgerRecord =
  /** The first record of a ledger whose flows are added up by the hour too, by every process; anywhere else it means nothing. */
  | { readonly kind: 'rollup' }
  /** A batch begins. */
  | { readonly kind: 'open' }
  /** It is about to send the rows of these inputs: others that have them had better wait. */
  | { readonly kind: 'claim'; readonly batch: string; readonly hashes: readonly string[] }
  /** A piece of what it brings beside rows (`journal.ts`); `end`: a block ends with it. */
  | { readonly kind: 'part'; readonly batch: string; readonly end: boolean; readonly bytes: Uint8Array }
  | CommitRecord
  /** It ends, and brings nothing. `sent`: rows of it may be in Druid. */
  | { readonly kind: 'drop'; readonly batch: string; readonly sent: boolean }
  /**
   * Flows and coverage that start before a second, on a whole day (UTC), are gone, of all batches whose `open` is before this record;
   * those of them that are committed later bring none of it.
   */
  | { readonly kind: 'cut'; readonly before: number };

const KINDS: readonly string[] = [
  'rollup',
  'open',
  'claim',
  'part',
  'commit',
  'drop',
  'cut',
] satisfies readonly LedgerRecord['kind'][];

const NO_BYTES = new Uint8Array(0);
const LINE_END = 10;

/** A line of JSON, and the bytes after it. */
export function encodeRecord(record: LedgerRecord): Buffer {
  const { bytes, ...rest } = record.kind === 'part' ? record : { ...record, bytes: NO_BYTES };
  return Buffer.concat([Buffer.from(`${JSON.stringify({ version: 1, ...rest })}\n`), bytes]);
}

/** Throws `engine_failed` for what no program of this version wrote. */
export function decodeRecord(message: Buffer): LedgerRecord {
  const end = message.indexOf(LINE_END);
  try {
    const { version, ...rest } = JSON.parse(message.toString('utf8', 0, end)) as LedgerRecord & {
      readonly version: number;
    };
    if (version === 1 && end >= 0 && KINDS.includes(rest.kind))
      return rest.kind === 'part' ? { ...rest, bytes: message.subarray(end + 1) } : rest;
  } catch {
    // As any other message that is none of ours.
  }
  throw new PeepholeError(
    'engine_failed',
    'The topic of the ledger has a message that this version of Peephole does not know. Was it written by a newer version, or by another program?',
  );
}
