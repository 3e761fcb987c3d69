import { decodeHuffman } from './hpack-huffman.ts';

export type HeaderField = readonly [name: string, value: string];

/** The static table (RFC 7541, appendix A); the first header has the index 1. */
const staticTable: readonly HeaderField[] = [
  [':authority', ''], [':method', 'GET'], [':method', 'POST'], [':path', '/'], [':path', '/index.html'],
  [':scheme', 'http'], [':scheme', 'https'], [':status', '200'], [':status', '204'], [':status', '206'],
  [':status', '304'], [':status', '400'], [':status', '404'], [':status', '500'], ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'], ['accept-language', ''], ['accept-ranges', ''], ['accept', ''],
  ['access-control-allow-origin', ''], ['age', ''], ['allow', ''], ['authorization', ''], ['cache-control', ''],
  ['content-disposition', ''], ['content-encoding', ''], ['content-language', ''], ['content-length', ''],
  ['content-location', ''], ['content-range', ''], ['content-type', ''], ['cookie', ''], ['date', ''], ['etag', ''],
  ['expect', ''], ['expires', ''], ['from', ''], ['host', ''], ['if-match', ''], ['if-modified-since', ''],
  ['if-none-match', ''], ['if-range', ''], ['if-unmodified-since', ''], ['last-modified', ''], ['link', ''],
  ['location', ''], ['max-forwards', ''], ['proxy-authenticate', ''], ['proxy-authorization', ''], ['range', ''],
  ['referer', ''], ['refresh', ''], ['retry-after', ''], ['server', ''], ['set-cookie', ''],
  ['strict-transport-security', ''], ['transfer-encoding', ''], ['user-agent', ''], ['vary', ''], ['via', ''],
  ['www-authenticate', ''],
]; // prettier-ignore

/** Octets that a server allows a client's table unless it says otherwise (RFC 9113, 6.5.2); an entry counts 32 more. */
const TABLE_SIZE = 4_096;
const ENTRY_OVERHEAD = 32;

/** Characters that a byte of a block may stand for, with some to spare: an index of one byte may name a long header. */
const TEXT_OF_BYTE = 2;
const SPARE_TEXT = 256;

/**
 * The headers of a connection's first block (RFC 7541), one character a byte, as far as they can be read: a block that is
 * cut, wrong, or stands for far more than it has ends with what came before.
 *
 * @param most headers that are read
 */
export function readHeaderBlock(block: Buffer, most: number): readonly HeaderField[] {
  const reader = new BlockReader(block);
  const table = new DynamicTable();
  const headers: HeaderField[] = [];
  let room = SPARE_TEXT + TEXT_OF_BYTE * block.length;
  while (headers.length < most && !reader.atEnd) {
    const first = reader.peek();
    if ((first & 0xe0) === 0x20) {
      // The client changes how large its table is.
      const size = reader.integer(5);
      if (size === null || size > TABLE_SIZE) return headers;
      table.limit(size);
      continue;
    }
    const field = (first & 0x80) === 0 ? literal(reader, table, first) : table.at(reader.integer(7));
    if (field === null) return headers;
    room -= field[0].length + field[1].length;
    if (room < 0) return headers;
    headers.push(field);
  }
  return headers;
}

/** A header that is written out, its name maybe by its index. */
function literal(reader: BlockReader, table: DynamicTable, first: number): HeaderField | null {
  const isKept = (first & 0x40) !== 0;
  const index = reader.integer(isKept ? 6 : 4);
  const name = index === 0 ? reader.text() : (table.at(index)?.[0] ?? null);
  const value = name === null ? null : reader.text();
  if (name === null || value === null) return null;
  if (isKept) table.add([name, value]);
  return [name, value];
}

class DynamicTable {
  /** The latest first. */
  #entries: HeaderField[] = [];
  #size = 0;
  #most = TABLE_SIZE;

  at(index: number | null): HeaderField | null {
    if (index === null || index === 0) return null;
    return staticTable[index - 1] ?? this.#entries[index - 1 - staticTable.length] ?? null;
  }

  add(field: HeaderField): void {
    this.#entries.unshift(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  limit(most: number): void {
    this.#most = most;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#most) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      this.#size -= sizeOf(oldest);
    }
  }
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

class BlockReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  /** A whole number that begins in the last bits of a byte (RFC 7541, 5.1); null: it is cut, or larger than any here. */
  integer(bits: number): number | null {
    const most = 2 ** bits - 1;
    let byte = this.#bytes[this.#at++];
    if (byte === undefined) return null;
    let value = byte & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      byte = this.#bytes[this.#at++];
      if (byte === undefined) return null;
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    return null;
  }

  /** Null: it is cut, or no code. */
  text(): string | null {
    const isHuffman = (this.peek() & 0x80) !== 0;
    const length = this.atEnd ? null : this.integer(7);
    if (length === null || this.#at + length > this.#bytes.length) return null;
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
  }
}
