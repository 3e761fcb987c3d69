/** Words of 32 bits in an identity. */
export const ID_WORDS = 4;

/** Small, since there may be thousands of sets. */
const FIRST_CAPACITY = 16;
/** The share of places that may be taken before there are twice as many. */
const MOST_FULL = 0.6;

/**
 * A set of 128-bit identities, such as the beginnings of SHA-256 digests: open addressing in one array, 27 to 53 bytes an
 * identity, where a Set of texts takes three times as much. An identity is four words at an offset of an array.
 */
export class IdSet {
  #places = new Uint32Array(FIRST_CAPACITY * ID_WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(words: Uint32Array, offset: number): boolean {
    return !isFree(this.#places, findPlace(this.#places, words, offset));
  }

  /** False, and nothing changed, if it was there already. */
  add(words: Uint32Array, offset: number): boolean {
    const place = findPlace(this.#places, words, offset);
    if (!isFree(this.#places, place)) return false;
    write(this.#places, place, words, offset);
    this.#size++;
    if (this.#size > (this.#places.length / ID_WORDS) * MOST_FULL) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#places;
    const places = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += ID_WORDS)
      if (!isFree(old, at)) write(places, findPlace(places, old, at), old, at);
    this.#places = places;
  }
}

/** Where an identity is, or the free place where it would be. */
function findPlace(places: Uint32Array, words: Uint32Array, offset: number): number {
  const mask = places.length / ID_WORDS - 1;
  const last = lastWord(words, offset);
  for (let index = words[offset]! & mask; ; index = (index + 1) & mask) {
    const at = index * ID_WORDS;
    if (isFree(places, at)) return at;
    if (
      places[at] === words[offset] &&
      places[at + 1] === words[offset + 1] &&
      places[at + 2] === words[offset + 2] &&
      places[at + 3] === last
    )
      return at;
  }
}

function write(places: Uint32Array, at: number, words: Uint32Array, offset: number): void {
  for (let word = 0; word < ID_WORDS - 1; word++) places[at + word] = words[offset + word]!;
  places[at + ID_WORDS - 1] = lastWord(words, offset);
}

/** A last word of 0 marks a free place: an identity's counts as 1. */
function lastWord(words: Uint32Array, offset: number): number {
  return words[offset + ID_WORDS - 1]! || 1;
}

function isFree(places: Uint32Array, at: number): boolean {
  return places[at + ID_WORDS - 1] === 0;
}
