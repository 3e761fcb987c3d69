/** Writes a whole number as decimal ASCII at an offset; returns the offset behind it. Up to 2^31 - 1. */
export function putInteger(out: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let rest = (value / 10) | 0; rest !== 0; rest = (rest / 10) | 0) digits++;
  let rest = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    // Truncation to 32 bits, not floor: the engine then divides whole numbers.
    const tenth = (rest / 10) | 0;
    out[i] = 48 + rest - tenth * 10;
    rest = tenth;
  }
  return at + digits;
}

/** Copies bytes; for a few dozen of them a loop beats `set`. Returns the offset behind them. */
export function putBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i] as number;
  return at + bytes.length;
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
