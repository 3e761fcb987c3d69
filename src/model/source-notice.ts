/** What happens to sources that are followed, for whoever asked for it; each is told once, not at each try. */
export type SourceNotice =
  /** The source can't be read; it is tried again. */
  | { readonly kind: 'failing'; readonly source: string; readonly reason: string }
  /** A source that was failing is read again. */
  | { readonly kind: 'working'; readonly source: string }
  /** There is nothing to read yet; what comes is read. */
  | { readonly kind: 'empty'; readonly source: string; readonly reason: string }
  /** Another call on the same store reads the source; this one waits until that one ends. */
  | { readonly kind: 'taken'; readonly source: string }
  /** The process that read the sources has ended; reading goes on with the next owner of the store. */
  | { readonly kind: 'owner_exited' };
