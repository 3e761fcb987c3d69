import type { ByteReader } from './byte-reader.ts';

/** The next tag of BER (X.690) and its length: of one byte or up to four; null if it is of neither. */
export function readTag(reader: ByteReader): { readonly tag: number; readonly length: number } | null {
  const tag = reader.number(1);
  const first = reader.number(1);
  if (reader.cut || first === 0x80 || first > 0x84) return null;
  const length = first < 0x80 ? first : reader.number(first - 0x80);
  return reader.cut ? null : { tag, length };
}
