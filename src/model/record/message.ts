/** What a source delivered in one piece: a line, lines, or JSON in any of the envelopes that files come in, perhaps gzipped. */
export interface Message {
  /** Names it among all that its source delivers; in the quarantine it stands for the input. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it was stamped, in Unix milliseconds; null if nobody knows: the time of records that have none of their own. */
  readonly time: number | null;
}

/**
 * How a message that comes again is known: by its content (the same content twice in one delivery is two messages), among
 * the latest; or by an id that its source gives it together with always the same time, as long as that is not before `since`
 * (Unix milliseconds).
 */
export type MessageIdentity =
  | { readonly kind: 'content' }
  | {
      readonly kind: 'id';
      readonly ids: readonly string[];
      readonly since: number;
      /**
       * Whether the source reads the same again by itself: what is known is skipped then, and no duplicate; where all
       * messages of a delivery are, its positions are not kept either.
       */
      readonly rereads?: boolean;
    };
