import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parsedAddress } from '../parsed-address.ts';

/** Who runs a network: an autonomous system's number and name. */
export interface Operator {
  readonly number: number;
  readonly name: string;
}

const unzip = promisify(gunzip);

const MAGIC = 0x5045_4f50;

/**
 * The packed table that `scripts/pack-operators.mjs` writes: for each family, where the operator changes (IPv6 by the
 * upper half of the address, as two 32-bit numbers) and to whom (0: nobody), then numbers, then names by line.
 */
export class OperatorTable {
  readonly #four: Uint32Array;
  readonly #fourPlaces: Uint32Array;
  readonly #six: Uint32Array;
  readonly #sixPlaces: Uint32Array;
  readonly #numbers: Uint32Array;
  readonly #names: readonly string[];

  constructor(packed: Uint8Array) {
    // A Buffer's slice would be no copy, and its words not aligned.
    const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
    const [magic = 0, four = 0, six = 0, operators = 0] = new Uint32Array(bytes.slice(0, 16).buffer);
    if (magic !== MAGIC) throw new TypeError('this is no table of operators');
    let at = 16;
    const take = (count: number): Uint32Array => {
      const words = new Uint32Array(bytes.slice(at, at + 4 * count).buffer);
      at += 4 * count;
      return words;
    };
    this.#four = take(four);
    this.#fourPlaces = take(four);
    this.#six = take(2 * six);
    this.#sixPlaces = take(six);
    this.#numbers = take(operators);
    this.#names = new TextDecoder().decode(bytes.subarray(at)).split('\n');
  }

  /** Reads the file; null where the build didn't make it. */
  static async open(path: string | URL): Promise<OperatorTable | null> {
    try {
      return new OperatorTable(await unzip(await readFile(path)));
    } catch {
      return null;
    }
  }

  of(text: string): Operator | null {
    const bytes = parsedAddress(text)?.toByteArray();
    if (bytes === undefined) return null;
    const place =
      bytes.length === 4
        ? (this.#fourPlaces[lastUpTo(this.#four, 1, word(bytes, 0), 0)] ?? 0)
        : (this.#sixPlaces[lastUpTo(this.#six, 2, word(bytes, 0), word(bytes, 4))] ?? 0);
    if (place === 0) return null;
    return { number: this.#numbers[place - 1] ?? 0, name: this.#names[place - 1] ?? '' };
  }
}

function word(bytes: readonly number[], at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(at, at + 4);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The index of the last start that is not greater; -1 if all are. A start has one word or two. */
function lastUpTo(starts: Uint32Array, width: 1 | 2, high: number, low: number): number {
  let from = 0;
  let to = starts.length / width;
  while (from < to) {
    const middle = (from + to) >> 1;
    const first = starts[middle * width] ?? 0;
    const isUpTo =
      first < high || (first === high && (width === 1 || (starts[middle * width + 1] ?? 0) <= low));
    if (isUpTo) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
