const arrays = { Uint8Array, Uint16Array, Uint32Array };
type ArrayName = keyof typeof arrays;

/** JSON in which arrays of numbers are bytes in base64 (little endian). What else is not JSON must not be in it. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (!(one instanceof Uint8Array || one instanceof Uint16Array || one instanceof Uint32Array)) return one;
    const base64 = Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('base64');
    return { [`$${one.constructor.name}`]: base64 };
  });
}

/** What `toJson` made it of. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    const [[name, base64] = []] = Object.entries(one);
    if (name === undefined || !name.startsWith('$') || typeof base64 !== 'string') return one;
    const make = arrays[name.slice(1) as ArrayName];
    // An array of its own: bytes of a pool may begin anywhere.
    return make === undefined ? one : new make(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
  });
}
