/** What comes in pieces, and was begun before anybody reads it. */
export interface Begun<T> {
  readonly pieces: AsyncIterable<T>;
  /** For whoever does not read it to its end. */
  giveUp(): void;
}

/** Begins something that comes in pieces at once, so that it is under way while something else is done. */
export function begunEarly<T>(pieces: AsyncIterable<T>): Begun<T> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = iterator.next();
  // Whoever reads it hears of it.
  first.catch(() => undefined);
  async function* all(): AsyncGenerator<T> {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { pieces: all(), giveUp: () => void iterator.return?.().catch(() => undefined) };
}
