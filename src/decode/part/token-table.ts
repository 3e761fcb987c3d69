import type { TextCodes } from './text-codes.ts';

const FIRST_SLOTS = 1024;
const FIRST_ARENA = 16_384;

/** Past this many tokens or bytes the table is emptied before the next part. */
const KEEP_TOKENS = 65_536;
const KEEP_BYTES = 4_194_304;

/** The hash of no bytes; each byte goes in with `Math.imul(hash ^ byte, HASH_PRIME)` (FNV-1a). */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/**
 * Bytes of a token -> its text's code in the current part, without making a string of bytes seen before.
 * The tokens outlive the part (the next input has the same interfaces); the codes do not.
 * An open-addressing hash table whose keys lie end to end in one arena.
 */
export class TokenTable {
  readonly #texts: TextCodes;
  readonly #read: (token: string) => string | null;
  #slots = new Int32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #arena = Buffer.allocUnsafeSlow(FIRST_ARENA);
  #used = 0;
  #count = 0;
  #offsets = new Int32Array(FIRST_SLOTS);
  #lengths = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  #epochs = new Uint32Array(FIRST_SLOTS);
  #codes = new Uint32Array(FIRST_SLOTS);
  #values: string[] = [''];

  /** `read` says what text a token means, or null if it can't be one; it is asked once per distinct token. */
  constructor(texts: TextCodes, read: (token: string) => string | null) {
    this.#texts = texts;
    this.#read = read;
    // See TextCodes: what never changed would be a constant.
    this.#clear();
  }

  /** The code of bytes[start, end), whose hash the caller has; -1 if `read` refuses them. */
  code(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    const slots = this.#slots;
    const arena = this.#arena;
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (;;) {
      const entry = slots[slot]!;
      if (entry === 0) return this.#add(bytes, start, end, hash);
      if (this.#hashes[entry] === hash && this.#lengths[entry] === length) {
        const offset = this.#offsets[entry]!;
        let i = 0;
        while (i < length && arena[offset + i] === bytes[start + i]) i += 1;
        if (i === length) {
          return this.#epochs[entry] === this.#texts.epoch ? this.#codes[entry]! : this.#revive(entry);
        }
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  /** To be called between parts: forgets the tokens if they have become many. */
  trim(): void {
    if (this.#count >= KEEP_TOKENS || this.#used >= KEEP_BYTES) this.#clear();
  }

  #clear(): void {
    this.#slots = new Int32Array(FIRST_SLOTS);
    this.#mask = FIRST_SLOTS - 1;
    this.#arena = Buffer.allocUnsafeSlow(FIRST_ARENA);
    this.#used = 0;
    this.#count = 0;
    this.#values = [''];
    this.#resizeEntries(FIRST_SLOTS);
  }

  #revive(entry: number): number {
    const code = this.#texts.code(this.#values[entry]!);
    this.#codes[entry] = code;
    this.#epochs[entry] = this.#texts.epoch;
    return code;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    const token = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('utf8');
    const value = this.#read(token);
    if (value === null) return -1;
    if (this.#count + 2 > this.#offsets.length) this.#resizeEntries(this.#offsets.length * 2);
    if (this.#count * 2 >= this.#slots.length) this.#rehash();
    this.#reserve(length);
    const entry = (this.#count += 1);
    this.#arena.set(bytes.subarray(start, end), this.#used);
    this.#offsets[entry] = this.#used;
    this.#lengths[entry] = length;
    this.#hashes[entry] = hash;
    this.#used += length;
    this.#values.push(value);
    this.#place(entry);
    return this.#revive(entry);
  }

  #place(entry: number): void {
    const hash = this.#hashes[entry]!;
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = entry;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.#mask = this.#slots.length - 1;
    for (let entry = 1; entry <= this.#count; entry += 1) this.#place(entry);
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#arena.length) return;
    const arena = Buffer.allocUnsafeSlow(Math.max(this.#arena.length * 2, this.#used + length));
    arena.set(this.#arena.subarray(0, this.#used));
    this.#arena = arena;
  }

  #resizeEntries(size: number): void {
    const keep = this.#count + 1;
    this.#offsets = resized(this.#offsets, keep, size);
    this.#lengths = resized(this.#lengths, keep, size);
    this.#hashes = resized(this.#hashes, keep, size);
    const epochs = new Uint32Array(size);
    epochs.set(this.#epochs.subarray(0, Math.min(keep, size)));
    this.#epochs = epochs;
    const codes = new Uint32Array(size);
    codes.set(this.#codes.subarray(0, Math.min(keep, size)));
    this.#codes = codes;
  }
}

function resized(array: Int32Array<ArrayBuffer>, keep: number, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array.subarray(0, Math.min(keep, size)));
  return larger;
}
