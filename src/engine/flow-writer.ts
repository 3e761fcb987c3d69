import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { InputCounts } from './input-counts.ts';
import type { InputRegister, LedgerEntry } from './input-register.ts';
import type { SourceRegister, SourceWrites } from './source-register.ts';

/** Takes inputs into a store: each wholly or not at all, each once. */
export interface FlowWriter {
  readonly inputs: InputRegister;
  /** What is known of the sources that inputs and messages come from. */
  readonly sources: SourceRegister;
  /** What the store may use, which decoding beside it must leave to it. Bytes; threads. */
  readonly budget: { readonly memoryBytes: number; readonly threads: number };
  /** Whether somebody waits to write: whoever holds a transaction open for more to come ends it. */
  readonly isAwaited: boolean;
  /**
   * All that `work` appends is in after it, with its ledger entries, or nothing. Throws what `work` throws; `InputsTaken` where
   * other processes may write too, and some of the inputs came in by one of them; `SourceMoved` where one of them read a source.
   */
  write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T>;
  /** How many threads the store may use from now on: decoding beside it wants some. */
  useThreads(count: number): Promise<void>;
}

/** What goes into a store in one go. */
export interface WriteBatch {
  readonly sources: SourceWrites;
  /**
   * Begins an input; its id is for `append` and `close`.
   *
   * @param laterThan the name of an input that is in, of which this is a later state: its first records that are in already
   * are left out, each as often as it is there, and no more of them than came of earlier states (any number, if those came
   * under other names); lines in quarantine under that name are forgotten. The batch then holds no other input.
   */
  open(laterThan?: string): number;
  /** Likewise what comes a few records at a time, without an end: all of a source is one entry in the ledger. */
  openStream(source: string): Promise<number>;
  /** Makes the following appends of these parts cheap. */
  prepare(parts: readonly DecodedPart[]): Promise<void>;
  /** Adds a part; `duplicates`: how many of its visits were in already. */
  append(input: number, part: DecodedPart): Promise<{ readonly duplicates: number }>;
  /**
   * Ends an input: it is in the ledger once the batch is in. One that is not closed leaves no entry there. That an object of
   * its name could not be read before is forgotten.
   *
   * @param counts what the entry says came of it, where that was not appended here (a copy); else what was appended
   */
  close(input: number, entry: LedgerEntry, counts?: InputCounts): void;
  /** @param counts as of `close`, added to those of the entry */
  closeStream(input: number, counts?: InputCounts): void;
  /** How many records were left out of the input that is a later state of another, once all of it is appended. */
  leftOut(): Promise<LeftOut>;
}

/** Records that were in already. */
export interface LeftOut {
  readonly flows: number;
  readonly nodata: number;
  readonly skipdata: number;
}
