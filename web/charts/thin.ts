/** Buckets to draw of each pixel: more than this many, and they are thinned. */
const EACH = 4;

/**
 * Which of many points in a row are enough to draw a line through all of them: of those that share a pixel the first,
 * the least, the largest and the last, so that the line covers the same pixels, and no burst is lost. A point without
 * a value (null) breaks the line only if all points of its pixel have none. Points of another `kind` count apart.
 */
export function thinned(
  count: number,
  x: (index: number) => number,
  value: (index: number) => number | null,
  kind: (index: number) => boolean = () => true,
): readonly number[] {
  const kept: number[] = [];
  let column = Number.NaN;
  let empty: number | null = null;
  const groups = [new Extremes(), new Extremes()] as const;
  const flush = (): void => {
    const found = [...groups[0].take(), ...groups[1].take()];
    if (found.length > 0) kept.push(...found.sort((a, b) => a - b));
    else if (empty !== null) kept.push(empty);
    empty = null;
  };
  for (let index = 0; index < count; index++) {
    const next = Math.floor(x(index));
    if (next !== column) flush();
    column = next;
    const amount = value(index);
    if (amount === null) empty ??= index;
    else groups[kind(index) ? 0 : 1].add(index, amount);
  }
  flush();
  return kept;
}

/** Whether there are so many points for a width in pixels that they are to be thinned. */
export function isDense(count: number, width: number): boolean {
  return count > EACH * width;
}

/** Of the points of a pixel the first, the least, the largest and the last. */
class Extremes {
  #first = -1;
  #last = -1;
  #least = { index: -1, amount: Number.POSITIVE_INFINITY };
  #most = { index: -1, amount: Number.NEGATIVE_INFINITY };

  add(index: number, amount: number): void {
    if (this.#first < 0) this.#first = index;
    this.#last = index;
    if (amount < this.#least.amount) this.#least = { index, amount };
    if (amount > this.#most.amount) this.#most = { index, amount };
  }

  take(): readonly number[] {
    if (this.#first < 0) return [];
    const found = new Set([this.#first, this.#least.index, this.#most.index, this.#last]);
    this.#first = -1;
    this.#least.amount = Number.POSITIVE_INFINITY;
    this.#most.amount = Number.NEGATIVE_INFINITY;
    return [...found];
  }
}
