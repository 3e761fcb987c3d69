import type { FileHandle } from 'node:fs/promises';
import type { DecodedPart } from '../model/record/decoded-part.ts';

/** Bytes of a file that is decoded together with others, at most. */
export const SMALL_FILE_BYTES = 262_144;

/** A file that a decoding thread opens itself. */
export interface SmallFile {
  /** Absolute. */
  readonly path: string;
  /** The SHA-256 of inputs of its size that are in. */
  readonly known: readonly string[];
}

/**
 * What came of a small file: its only part; nothing, since its content is in; or it is to be decoded alone, since it is
 * not the usual thing, or something is wrong with it.
 */
export type SmallOutcome =
  | { readonly kind: 'decoded'; readonly part: DecodedPart; readonly sha256: string; readonly size: number }
  | { readonly kind: 'known' }
  | { readonly kind: 'alone' };

/** From the pool to a decoding thread. */
export type DecodeRequest =
  | {
      readonly kind: 'decode';
      /** The file, handed over; null: its bytes come as the thread asks for them. */
      readonly file: FileHandle | null;
      readonly format: string | null;
      readonly sizeIsKnown: boolean;
      /** How many parts may be handed over before one is taken. */
      readonly ahead: number;
    }
  /** Small files, all answered at once by `small`. */
  | { readonly kind: 'small'; readonly files: readonly SmallFile[]; readonly format: string | null }
  /** The answer to `member` and `sized`: whether an input of that size is in. */
  | { readonly kind: 'begin'; readonly sizeIsKnown: boolean }
  /** The answer to `hashed`. */
  | { readonly kind: 'proceed'; readonly go: boolean }
  /** The part was taken; another may come. */
  | { readonly kind: 'taken' }
  /** The answer to `pull`; null: that was all. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | null }
  /** The answer to `pull` where no more can be read. */
  | { readonly kind: 'broken'; readonly code: string; readonly message: string };

/**
 * From a decoding thread. A file is an input, or an archive of inputs: then `member` comes before each of them, and
 * after the last one `end`, or `failed` if the archive itself can't be read further. After that, or
 * after the file's own `done`, `skipped` or `failed`, the thread waits for the next request.
 */
export type DecodeEvent =
  | { readonly kind: 'member'; readonly name: string; readonly size: number }
  | { readonly kind: 'end' }
  /** Is an input of that size in? Asked of something large in an archive, which can be read but once. */
  | { readonly kind: 'sized'; readonly size: number }
  /** This thread reads lines one by one, since there is no memory for reading them faster. Said once, at any time. */
  | { readonly kind: 'slow' }
  /** More of a stream is wanted. */
  | { readonly kind: 'pull' }
  /** Is that content in already? Sent before decoding, where the content could be known. */
  | { readonly kind: 'hashed'; readonly sha256: string }
  | { readonly kind: 'part'; readonly part: DecodedPart; readonly bytesRead: number }
  | { readonly kind: 'done'; readonly part: DecodedPart; readonly sha256: string; readonly size: number }
  | { readonly kind: 'skipped' }
  /** In order; of files that are not in it the memory for rows has no room: they are to be decoded alone. */
  | { readonly kind: 'small'; readonly outcomes: readonly SmallOutcome[] }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
