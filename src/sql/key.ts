/**
 * What a row holds for an address or a text: opaque to all but the dialect, which makes keys, compares them and turns them into text. An id
 * in one database may be the text itself in another.
 */
export type Key = number | string;

/** A key out of a row. */
export function readKey(cell: unknown): Key {
  return typeof cell === 'string' ? cell : Number(cell);
}
