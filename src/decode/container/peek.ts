/** A byte stream of which the beginning has been read. */
export interface Peeked {
  /** The first bytes: all there are, if `ended`. */
  readonly head: Uint8Array;
  readonly ended: boolean;
  /** The whole stream, from its first byte. To be read once. */
  readonly all: AsyncIterable<Uint8Array>;
  /** Lets go of the stream, where `all` is not read, or not to its end. */
  readonly close: () => Promise<void>;
}

/** Reads at least `wanted` bytes ahead, or to the end. */
export async function peek(bytes: AsyncIterable<Uint8Array>, wanted: number): Promise<Peeked> {
  const source = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < wanted && !ended) {
    const next = await source.next();
    if (next.done === true) {
      ended = true;
    } else if (next.value.length > 0) {
      chunks.push(next.value);
      length += next.value.length;
    }
  }
  const head = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const close = async (): Promise<void> => void (await source.return?.());
  return { head, ended, all: rest(chunks, source, ended), close };
}

/** A stream of just these bytes. */
export async function* singleChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

async function* rest(
  chunks: readonly Uint8Array[],
  source: AsyncIterator<Uint8Array>,
  ended: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    while (!ended) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!ended) await source.return?.();
  }
}
