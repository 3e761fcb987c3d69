/** Values of Thrift's compact protocol, as far as Parquet's metadata needs them. Keys of a struct are field ids. */
export type Thrift =
  | { readonly kind: 'i32' | 'i64'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly of: 'i32' | 'text' | 'struct'; readonly items: readonly Thrift[] }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<number, Thrift>> };

export const i32 = (value: number): Thrift => ({ kind: 'i32', value });
export const i64 = (value: number): Thrift => ({ kind: 'i64', value });
export const text = (value: string): Thrift => ({ kind: 'text', value });
export const struct = (fields: Readonly<Record<number, Thrift>>): Thrift => ({ kind: 'struct', fields });
export const list = (of: 'i32' | 'text' | 'struct', items: readonly Thrift[]): Thrift => ({
  kind: 'list',
  of,
  items,
});

/** Type codes of the compact protocol (thrift-compact-protocol.md). */
const codes = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;

/** A struct in the compact protocol. */
export function encodeThrift(value: Thrift): Uint8Array {
  const out: number[] = [];
  put(out, value);
  return Uint8Array.from(out);
}

/** An unsigned LEB128 number, up to 2^53. */
export function putVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

function put(out: number[], value: Thrift): void {
  switch (value.kind) {
    case 'i32':
    case 'i64':
      // Zigzag; nothing here is negative.
      return putVarint(out, value.value * 2);
    case 'text': {
      const bytes = Buffer.from(value.value);
      putVarint(out, bytes.length);
      out.push(...bytes);
      return;
    }
    case 'list':
      if (value.items.length < 15) out.push((value.items.length << 4) | codes[value.of]);
      else {
        out.push(0xf0 | codes[value.of]);
        putVarint(out, value.items.length);
      }
      for (const item of value.items) put(out, item);
      return;
    case 'struct': {
      let last = 0;
      for (const [key, field] of Object.entries(value.fields)) {
        const id = Number(key);
        // Ids here rise by less than 16, so the short form always does.
        out.push(((id - last) << 4) | codes[field.kind]);
        put(out, field);
        last = id;
      }
      out.push(0);
    }
  }
}
