const PROBE_BYTES = 65_536;
/** Text has hardly any control characters; compressed data has one in nine. */
const MOST_CONTROL_SHARE = 0.05;

/** What data is that is not a text, in words that follow "This is". */
export interface BinaryKind {
  readonly kind: string;
  /** Whether it is something else than logs; otherwise there may be logs in it, and `advice` says how to get them out. */
  readonly isOther: boolean;
  readonly advice: string;
}

type Signature = readonly [kind: string, start: string, at?: number];

/** What logs may be packed in, but can't be read here. */
const PACKED: readonly Signature[] = [
  ['bzip2 data', 'BZh'],
  ['xz data', '\xfd7zXZ\0'],
  ['a 7-Zip archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['lzip data', 'LZIP'],
  ['LZ4 data', '\x04\x22\x4d\x18'],
  ['LZMA data', '\x5d\0\0'],
  ['lzop data', '\x89LZO\0'],
  ['Snappy data', '\xff\x06\0\0sNaPpY'],
  ['compress data (.Z)', '\x1f\x9d'],
];

/** Tables in other formats, and text in an encoding that hardly anybody uses. */
const CONVERTIBLE: readonly Signature[] = [
  ['a Parquet file that is encrypted', 'PARE'],
  ['an ORC file', 'ORC'],
  ['an Avro file', 'Obj\x01'],
  ['an Arrow file', 'ARROW1'],
  ['UTF-32 text', '\xff\xfe\0\0'],
  ['UTF-32 text', '\0\0\xfe\xff'],
  ['an old Excel or Word document', '\xd0\xcf\x11\xe0'],
];

const OTHERS: readonly Signature[] = [
  ['a DuckDB database', 'DUCK', 8],
  ['a SQLite database', 'SQLite format 3\0'],
  ['a packet capture (pcap)', '\xd4\xc3\xb2\xa1'],
  ['a packet capture (pcap)', '\xa1\xb2\xc3\xd4'],
  ['a packet capture (pcapng)', '\x0a\x0d\x0d\x0a'],
  ['a PDF document', '%PDF-'],
  ['a PNG image', '\x89PNG'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['a GIF image', 'GIF8'],
  ['a program', '\x7fELF'],
  ['a program', 'MZ'],
  ['a program', '\xca\xfe\xba\xbe'],
];

const READABLE = 'Flow logs come as text, JSON, CSV or Parquet, perhaps compressed with gzip or zstd.';

/**
 * What kind of data that is not a text these bytes start; null if it may be text. Text may
 * have a NUL in it somewhere, as a crash leaves it; that is for its lines to say.
 */
export function binaryKind(head: Uint8Array): BinaryKind | null {
  const binary = isBinary(head.subarray(0, PROBE_BYTES));
  const find = (signatures: readonly Signature[]): string | undefined =>
    signatures.find(([, start, at = 0]) => startsWith(head, start, at) && (binary || !isWord(start)))?.[0];
  const packed = find(PACKED);
  if (packed !== undefined) {
    return {
      kind: packed,
      isOther: false,
      advice: `It can't be unpacked here: unpack it first. ${READABLE}`,
    };
  }
  const convertible = find(CONVERTIBLE);
  if (convertible !== undefined)
    return { kind: convertible, isOther: false, advice: `It can't be read here. ${READABLE}` };
  const other = find(OTHERS);
  if (other !== undefined) return { kind: other, isOther: true, advice: READABLE };
  return binary ? { kind: 'binary data of no known kind', isOther: false, advice: READABLE } : null;
}

function isBinary(bytes: Uint8Array): boolean {
  let controls = 0;
  let zeros = 0;
  // By index, since this looks into every small file: an iterator takes eight times as long. Text has eight printable bytes in a row nearly everywhere.
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < bytes.length;) {
    if (i + 8 <= bytes.length && arePrintable(words.getInt32(i)) && arePrintable(words.getInt32(i + 4))) {
      i += 8;
      continue;
    }
    const end = Math.min(i + 8, bytes.length);
    for (; i < end; i += 1) {
      const byte = bytes[i]!;
      if (byte === 0) zeros += 1;
      else if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls += 1;
    }
  }
  const share = controls / Math.max(1, bytes.length - zeros);
  return share > (controls < 8 ? 4 * MOST_CONTROL_SHARE : MOST_CONTROL_SHARE);
}

/** Whether none of four bytes is less than a blank: subtracting it from such a byte sets the highest bit, which only bytes of 128 and more have. */
function arePrintable(four: number): boolean {
  return ((four - 0x2020_2020) & ~four & 0x8080_8080) === 0;
}

function startsWith(head: Uint8Array, start: string, at: number): boolean {
  if (head.length < at + start.length) return false;
  for (let i = 0; i < start.length; i += 1) if (head[at + i] !== start.charCodeAt(i)) return false;
  return true;
}

/** Letters and digits, with which a line of text may start as well. */
function isWord(start: string): boolean {
  return /^[\w ]+$/.test(start);
}
