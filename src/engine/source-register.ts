import { PeepholeError } from '../model/errors.ts';

/**
 * Thrown by `FlowWriter.write` where other processes write the store too, and one of them read a source further meanwhile: what was
 * about to come in may be in. Nothing of the batch is in; look again what is known of the source.
 */
export class SourceMoved extends PeepholeError {
  readonly source: string;

  constructor(source: string) {
    super(
      'store_busy',
      `Another process that fills the same store has read ${source} meanwhile. Nothing was taken in twice; reading goes on from where it is now.`,
    );
    this.source = source;
  }
}

/** How far a source was read: a text under each name (a partition, a day), which only that source understands. */
export type Positions = ReadonlyMap<string, string>;

/** An object at a source; its tag (an ETag) changes whenever its content does. */
export interface SourceObject {
  readonly name: string;
  readonly tag: string;
}

/**
 * What is known of an object: nothing of it is in; it is done with as it is; it can't be read as it is; so is a part of it (a
 * file in an archive), and the rest is done with; it is in, but had another tag then.
 */
export type ObjectState = 'new' | 'done' | 'unreadable' | 'partly' | 'changed';

/** Objects and messages of a source that could not be read, all for the same reason. */
export interface UnreadableObjects {
  readonly source: string;
  /** Without the name of the object: "It …". */
  readonly reason: string;
  readonly objects: number;
  /** The name of one of them. */
  readonly example: string;
}

/** Reads them from rows: source, reason, objects, example. */
export function unreadableOfRow([source, reason, objects, example]: readonly unknown[]): UnreadableObjects {
  return {
    source: String(source),
    reason: String(reason),
    objects: Number(objects),
    example: String(example),
  };
}

/** What came from a source in all. */
export interface SourceTotal {
  readonly source: string;
  readonly records: number;
  readonly objects: number;
  /** When something of it was last committed, in Unix milliseconds. */
  readonly lastSuccess: number;
}

/** Reads a total from a row: source, records, objects, time. */
export function totalOfRow([source, records, objects, last]: readonly unknown[]): SourceTotal {
  return {
    source: String(source),
    records: Number(records),
    objects: Number(objects),
    lastSuccess: Number(last),
  };
}

/** Identities of records that a source delivered, 128 bits each: four words, one after another. */
export interface StoredIds {
  readonly slot: number;
  readonly words: Uint32Array;
}

/**
 * What a store knows of the sources that are read into it again and again. It changes only within a `WriteBatch`,
 * together with the records that it is about: after a crash both are there, or neither.
 */
export interface SourceRegister {
  positions(source: string): Promise<Positions>;
  states(objects: readonly SourceObject[]): Promise<readonly ObjectState[]>;
  /**
   * Why objects could not be read, as the quarantine has it, by their names.
   *
   * @param which those of these names, or the files in the archives that have these names
   */
  reasons(names: readonly string[], which: 'objects' | 'files in them'): Promise<ReadonlyMap<string, string>>;
  /** All that could not be read of what came from sources, and did not come in later. */
  unreadable(): Promise<readonly UnreadableObjects[]>;
  /** Identities of the records that came lately, by slots (`SourceWrites.saveIds`). */
  ids(source: string): AsyncIterable<StoredIds>;
  totals(): Promise<readonly SourceTotal[]>;
}

/** What a `WriteBatch` keeps of sources. */
export interface SourceWrites {
  /** Counts what this batch holds of a source. */
  count(source: string, more: { readonly records: number; readonly objects: number }): void;
  savePositions(source: string, positions: Positions): void;
  /** These objects are done with. */
  saveObjects(objects: readonly SourceObject[]): void;
  /** Keeps identities of delivered records in a slot: what is forgotten together has one. */
  saveIds(source: string, ids: StoredIds): void;
  /** Forgets the identities in slots before one. */
  dropIds(source: string, before: number): void;
}
