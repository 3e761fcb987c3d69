import type { QuarantinedLine } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { VisitRecord } from '../model/visits/parse-visit.ts';
import type { InputCounts } from './input-counts.ts';
import type { LedgerEntry } from './input-register.ts';
import type { SourceObject } from './source-register.ts';

/** An entry of the ledger. */
export interface StoredInput {
  readonly id: number;
  readonly entry: LedgerEntry;
  readonly counts: InputCounts;
  /** The name of the source whose records come a few at a time; null: an input that came as a whole. */
  readonly stream: string | null;
}

/** NODATA and SKIPDATA records of one input. */
export interface InputCoverage {
  readonly input: number;
  readonly records: RecordBatch;
  readonly nodata: number;
  readonly skipdata: number;
}

export interface InputLines {
  readonly input: number;
  readonly lines: readonly QuarantinedLine[];
}

/** Flows that start in an hour since 1970 (UTC); null: those without a start. */
export interface HourFlows {
  readonly hour: number | null;
  readonly flows: number;
}

/**
 * All that a store in files holds, for a copy (`copy-contents.ts`), in an order that stays the same as long as the content does.
 * Findings, the inventory, and what is known of a source are in `FlowStore`'s other members.
 */
export interface StoreContents {
  /** The same as long as the content is the same, however it lies in the files. */
  fingerprint(): Promise<string>;
  /** Entries of the ledger with greater ids than `after`, in the order of their ids, at most so many. */
  inputs(after: number, most: number): Promise<readonly StoredInput[]>;
  /** Of the inputs with ids from `first` to `last`, in the order of their ids. */
  coverage(first: number, last: number): AsyncIterable<InputCoverage>;
  quarantined(first: number, last: number): AsyncIterable<InputLines>;
  /** Names of all sources that something is known of. */
  sourceNames(): Promise<readonly string[]>;
  /** Objects that are done with, in the order of their names, from the `offset`-th on. */
  objects(offset: number, most: number): Promise<readonly SourceObject[]>;
  /** Visits, and then those that were only counted, from the `offset`-th on. */
  visits(offset: number, most: number): Promise<readonly VisitRecord[]>;
  /** In order, the one without an hour first. Of flows that only sums by the hour tell of there are none. */
  hours(): Promise<readonly HourFlows[]>;
  /** The flows of the hours from `first` to `last`; null: those without an hour. */
  flows(hours: { readonly first: number; readonly last: number } | null): AsyncIterable<RecordBatch>;
}
