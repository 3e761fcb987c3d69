const ZEROS = new Uint8Array(65_536);

/** The same bytes without the zeros at their end: after a crash a file may end with a block of them. */
export async function* withoutNulTail(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  /** Zeros that are held back until something follows them. */
  let held = 0;
  for await (const chunk of bytes) {
    const end = chunk[chunk.length - 1] === 0 ? lengthWithoutZeros(chunk) : chunk.length;
    if (end > 0) {
      for (; held > 0; held -= Math.min(held, ZEROS.length)) yield ZEROS.subarray(0, held);
      yield end === chunk.length ? chunk : chunk.subarray(0, end);
    }
    held += chunk.length - end;
  }
}

function lengthWithoutZeros(bytes: Uint8Array): number {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return length;
}
