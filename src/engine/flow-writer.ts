import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { InputRegister, LedgerEntry } from './input-register.ts';

/** Takes inputs into a store: each wholly or not at all, each once. */
export interface FlowWriter {
  readonly inputs: InputRegister;
  /** What the store may use, which decoding beside it must leave to it. Bytes; threads. */
  readonly budget: { readonly memoryBytes: number; readonly threads: number };
  /** All that `work` appends is in after it, with its ledger entries, or nothing. Throws what `work` throws. */
  write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T>;
  /** How many threads the store may use from now on: decoding beside it wants some. */
  useThreads(count: number): Promise<void>;
}

/** What goes into a store in one go. */
export interface WriteBatch {
  /** Begins an input; its id is for `append` and `close`. */
  open(): number;
  /** Makes the following appends of these parts cheap. */
  prepare(parts: readonly DecodedPart[]): Promise<void>;
  append(input: number, part: DecodedPart): Promise<void>;
  /** Ends an input: it is in the ledger once the batch is in. */
  close(input: number, entry: LedgerEntry): void;
}
