/**
 * Bits of the code of each byte (RFC 7541, appendix B). The codes themselves follow: they count up, the shortest first,
 * of equal ones by the byte. All ones is the end, 30 bits of it, and pads the last byte.
 */
const BITS = `
13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26`
  .trim()
  .split(/\s/)
  .map(Number);

const LONGEST = 30;

/** Of the codes of one length: the first, how many there are, and where their bytes begin in `inOrder`. */
interface CodesOfLength {
  readonly first: number;
  readonly count: number;
  readonly at: number;
}

/** Bytes in the order of their codes. */
const inOrder = BITS.map((_, byte) => byte).sort((a, b) => (BITS[a] ?? 0) - (BITS[b] ?? 0) || a - b);

const byLength: readonly CodesOfLength[] = (() => {
  const codes: CodesOfLength[] = [];
  let [first, at] = [0, 0];
  for (let length = 0; length <= LONGEST; length += 1) {
    const count = BITS.filter((bits) => bits === length).length;
    codes.push({ first, count, at });
    first = (first + count) * 2;
    at += count;
  }
  return codes;
})();

/** Text of HPACK's Huffman code, one character a byte; null where it is none. */
export function decodeHuffman(bytes: Buffer): string | null {
  const decoded: number[] = [];
  let [code, length] = [0, 0];
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = code * 2 + ((byte >> bit) & 1);
      length += 1;
      const codes = byLength[length];
      if (codes === undefined) return null;
      if (code - codes.first >= codes.count) continue;
      decoded.push(inOrder[codes.at + code - codes.first] ?? 0);
      [code, length] = [0, 0];
    }
  }
  // The padding is shorter than a byte, and all ones.
  return length < 8 && code === 2 ** length - 1 ? Buffer.from(decoded).toString('latin1') : null;
}
