import type { FileHandle } from 'node:fs/promises';

/** One thing to ingest, wherever it is, with what is known before it is read. */
export interface Input {
  /** Its name, for users. */
  readonly name: string;
  /** Bytes; null: nobody knows. */
  readonly size: number | null;
  /** What its place says changes with its content (an ETag); null: it says nothing. */
  readonly tag: string | null;
  /** When its records are of, roughly, in Unix milliseconds: inputs are taken in in this order; null: nobody knows. */
  readonly time: number | null;
  /** Where it is, if it is a regular file of this machine, absolute: a decoding thread may read it itself; null or absent: only `open` knows. */
  readonly path?: string | null;
  /** Discovered in a folder or by a pattern, not named itself: what holds no flow logs is skipped there. */
  readonly discovered: boolean;
  /**
   * Opens it, in the process that has the right to; whoever reads it closes it.
   *
   * @throws PeepholeError `unreadable_input` with what is wrong with it; `details.tag`: it is so only in the state of that
   * tag, which is not the one that its place said
   */
  open(): Promise<InputBytes>;
}

/** The bytes of an input: a file, which can be read at random and again, or a stream, which can't. */
export type InputBytes =
  | { readonly kind: 'file'; readonly file: FileHandle }
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> };

/** A name or a place that could not be read. */
interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** The inputs that names stand for. */
export interface Discovered {
  readonly inputs: readonly Input[];
  readonly missing: readonly Missing[];
}
