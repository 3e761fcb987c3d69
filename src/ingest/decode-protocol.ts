import type { DecodedPart } from '../model/record/decoded.ts';

/** From the pool to a decoding thread. */
export type DecodeRequest =
  | {
      readonly kind: 'decode';
      readonly path: string;
      readonly format: string | null;
      readonly sizeIsKnown: boolean;
      /** How many parts may be handed over before one is taken. */
      readonly ahead: number;
    }
  /** The answer to `hashed`. */
  | { readonly kind: 'proceed'; readonly go: boolean }
  /** The part was taken; another may come. */
  | { readonly kind: 'taken' };

/** From a decoding thread. After `done`, `skipped` or `failed` it waits for the next request. */
export type DecodeEvent =
  /** Is that content in already? Sent before decoding, where the content could be known. */
  | { readonly kind: 'hashed'; readonly sha256: string }
  | { readonly kind: 'part'; readonly part: DecodedPart; readonly bytesRead: number }
  | { readonly kind: 'done'; readonly part: DecodedPart; readonly sha256: string; readonly size: number }
  | { readonly kind: 'skipped' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
