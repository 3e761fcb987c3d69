/**
 * XXH64 with seed 0, the checksum of Zstandard frames (RFC 8878, 3.1.1), in 32-bit halves: bigint
 * would be many times slower. `hi` and `lo` of each number are signed.
 */
const P1 = [0x9e3779b1 | 0, 0x85ebca87 | 0] as const;
const P2 = [0xc2b2ae3d | 0, 0x27d4eb4f | 0] as const;
const P3 = [0x165667b1 | 0, 0x9e3779f9 | 0] as const;
const P4 = [0x85ebca77 | 0, 0xc2b2ae63 | 0] as const;
const P5 = [0x27d4eb2f | 0, 0x165667c5 | 0] as const;

const STRIPE = 32;

/** A checksum in the making. */
export class Xxh64 {
  /** Four lanes, high then low half each. */
  readonly #lanes = new Int32Array(8);
  readonly #rest = new Uint8Array(STRIPE);
  #restLength = 0;
  #length = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#restLength = 0;
    this.#length = 0;
    const sum = add(P1[0], P1[1], P2[0], P2[1]);
    this.#lanes.set([sum, low, P2[0], P2[1], 0, 0]);
    const negative = add(~P1[0], ~P1[1], 0, 1);
    this.#lanes[6] = negative;
    this.#lanes[7] = low;
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(STRIPE - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < STRIPE) return;
      this.#stripe(this.#rest, 0);
      this.#restLength = 0;
    }
    for (; at + STRIPE <= bytes.length; at += STRIPE) this.#stripe(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#restLength = bytes.length - at;
  }

  /** The low 32 bits of the checksum, unsigned: what a frame keeps. */
  low32(): number {
    let hi: number;
    let lo: number;
    const lanes = this.#lanes;
    if (this.#length >= STRIPE) {
      hi = 0;
      lo = 0;
      for (const [lane, bits] of [1, 7, 12, 18].entries()) {
        hi = add(hi, lo, rotate(lanes[lane * 2]!, lanes[lane * 2 + 1]!, bits), low);
        lo = low;
      }
      for (let lane = 0; lane < 4; lane += 1) {
        const mixed = round(0, 0, lanes[lane * 2]!, lanes[lane * 2 + 1]!);
        hi = multiply(hi ^ mixed, lo ^ low, P1[0], P1[1]);
        hi = add(hi, low, P4[0], P4[1]);
        lo = low;
      }
    } else {
      [hi, lo] = P5;
    }
    hi = add(hi, lo, Math.floor(this.#length / 4_294_967_296) | 0, this.#length | 0);
    lo = low;
    return this.#finish(hi, lo);
  }

  #finish(high: number, lowHalf: number): number {
    let hi = high;
    let lo = lowHalf;
    const rest = this.#rest;
    let at = 0;
    for (; at + 8 <= this.#restLength; at += 8) {
      const mixed = round(0, 0, word(rest, at + 4), word(rest, at));
      hi = rotate(hi ^ mixed, lo ^ low, 27);
      hi = multiply(hi, low, P1[0], P1[1]);
      hi = add(hi, low, P4[0], P4[1]);
      lo = low;
    }
    if (at + 4 <= this.#restLength) {
      const mixed = multiply(0, word(rest, at), P1[0], P1[1]);
      hi = rotate(hi ^ mixed, lo ^ low, 23);
      hi = multiply(hi, low, P2[0], P2[1]);
      hi = add(hi, low, P3[0], P3[1]);
      lo = low;
      at += 4;
    }
    for (; at < this.#restLength; at += 1) {
      const mixed = multiply(0, rest[at]!, P5[0], P5[1]);
      hi = rotate(hi ^ mixed, lo ^ low, 11);
      hi = multiply(hi, low, P1[0], P1[1]);
      lo = low;
    }
    // h ^= h >>> 33, times P2; h ^= h >>> 29, times P3; h ^= h >>> 32.
    lo ^= hi >>> 1;
    hi = multiply(hi, lo, P2[0], P2[1]);
    lo = low ^ ((low >>> 29) | (hi << 3));
    hi ^= hi >>> 29;
    hi = multiply(hi, lo, P3[0], P3[1]);
    return (low ^ hi) >>> 0;
  }

  #stripe(bytes: Uint8Array, at: number): void {
    const lanes = this.#lanes;
    for (let lane = 0; lane < 4; lane += 1) {
      const i = at + lane * 8;
      lanes[lane * 2] = round(lanes[lane * 2]!, lanes[lane * 2 + 1]!, word(bytes, i + 4), word(bytes, i));
      lanes[lane * 2 + 1] = low;
    }
  }
}

/** The low half of what the last of these functions gave; they return the high half. */
let low = 0;

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function add(ahi: number, alo: number, bhi: number, blo: number): number {
  const sum = (alo >>> 0) + (blo >>> 0);
  low = sum | 0;
  return (ahi + bhi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
}

function rotate(hi: number, lo: number, bits: number): number {
  low = (lo << bits) | (hi >>> (32 - bits));
  return (hi << bits) | (lo >>> (32 - bits));
}

function multiply(ahi: number, alo: number, bhi: number, blo: number): number {
  const a0 = alo & 0xffff;
  const a1 = alo >>> 16;
  const b0 = blo & 0xffff;
  const b1 = blo >>> 16;
  const middle = a1 * b0 + ((Math.imul(a0, b0) >>> 16) | 0);
  const carry = a0 * b1 + (middle & 0xffff);
  const high = a1 * b1 + Math.floor(middle / 65_536) + Math.floor(carry / 65_536);
  low = Math.imul(alo, blo);
  return (high + Math.imul(ahi, blo) + Math.imul(alo, bhi)) | 0;
}

/** acc += input * P2, rotated by 31, times P1. */
function round(acchi: number, acclo: number, hi: number, lo: number): number {
  const product = multiply(hi, lo, P2[0], P2[1]);
  const sum = add(acchi, acclo, product, low);
  const turned = rotate(sum, low, 31);
  return multiply(turned, low, P1[0], P1[1]);
}
