import { unpackGzip, unpackLz4, unpackSnappy, unpackZstd } from './unpack-batch.ts';

/** A message of a partition. */
export interface KafkaRecord {
  readonly offset: number;
  /** Unix milliseconds. */
  readonly time: number;
  /** null: a tombstone, which says that what its key stood for is gone. */
  readonly value: Buffer | null;
}

/** Messages that were produced together. */
export interface RecordBatch {
  readonly firstOffset: number;
  /** Of the last message that it once had, also if that was compacted away. */
  readonly lastOffset: number;
  /** Whether it is a marker of a transaction's end, and no messages. */
  readonly control: boolean;
  readonly transactional: boolean;
  readonly producer: bigint;
  /** Unpacks its messages, which may be very many small ones. Throws an Error that says why the rest can't be read. */
  records(): Iterable<KafkaRecord>;
}

/** A transaction that was taken back, as a broker tells of it. */
export interface AbortedTransaction {
  readonly producer: bigint;
  readonly firstOffset: number;
}

const HEADER = 61;
const LENGTH_AT = 8;
const MAGIC_AT = 16;

/**
 * Reads batches as they lie in a log (https://kafka.apache.org/documentation/#recordbatch), one after another, without
 * unpacking them. The last may be cut off: a broker sends as many bytes as it was asked for.
 */
export function* readBatches(bytes: Buffer): Generator<RecordBatch> {
  let at = 0;
  while (at + LENGTH_AT + 4 <= bytes.length) {
    const length = bytes.readInt32BE(at + LENGTH_AT);
    const end = at + LENGTH_AT + 4 + length;
    if (length < MAGIC_AT + 1 - LENGTH_AT - 4 || end > bytes.length) return;
    yield readBatch(bytes.subarray(at, end));
    at = end;
  }
}

function readBatch(bytes: Buffer): RecordBatch {
  const firstOffset = Number(bytes.readBigInt64BE(0));
  const magic = bytes[MAGIC_AT];
  if (magic !== 2 || bytes.length < HEADER) {
    return {
      firstOffset,
      lastOffset: firstOffset,
      control: false,
      transactional: false,
      producer: -1n,
      records() {
        throw new Error(`messages in the format ${magic}, which Kafka itself reads no longer`);
      },
    };
  }
  const attributes = bytes.readInt16BE(21);
  const lastOffset = firstOffset + bytes.readInt32BE(23);
  return {
    firstOffset,
    lastOffset,
    control: (attributes & 0x20) !== 0,
    transactional: (attributes & 0x10) !== 0,
    producer: bytes.readBigInt64BE(43),
    *records() {
      const packed = bytes.subarray(HEADER);
      const firstTime = Number(bytes.readBigInt64BE(27));
      // Whether the broker stamped them all when they came, instead of the producer each.
      const stamped = (attributes & 0x8) === 0 ? null : Number(bytes.readBigInt64BE(35));
      const fields = new Fields(unpack(attributes & 7, packed));
      const count = bytes.readInt32BE(57);
      for (let i = 0; i < count; i++) {
        const record = fields.record(firstOffset, firstTime);
        if (record.offset < firstOffset || record.offset > lastOffset)
          throw new Error(`a message with the offset ${record.offset}`);
        yield stamped === null ? record : { ...record, time: stamped };
      }
    },
  };
}

function unpack(way: number, packed: Buffer): Buffer {
  switch (way) {
    case 0:
      return packed;
    case 1:
      return unpackGzip(packed);
    case 2:
      return unpackSnappy(packed);
    case 3:
      return unpackLz4(packed);
    case 4:
      return unpackZstd(packed);
    default:
      throw new Error(`compressed in a way that has no name (${way})`);
  }
}

/** The fields of records (https://kafka.apache.org/documentation/#record), one after another. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  record(firstOffset: number, firstTime: number): KafkaRecord {
    const length = this.#number();
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new Error('a message is cut off');
    this.#at += 1;
    const time = firstTime + this.#number();
    const offset = firstOffset + this.#number();
    this.#block();
    const value = this.#block();
    if (this.#at > end) throw new Error('a message is longer than it says');
    // Headers say nothing here.
    this.#at = end;
    return { offset, time, value };
  }

  #block(): Buffer | null {
    const length = this.#number();
    if (length < 0) return null;
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error('a message is cut off');
    const block = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return block;
  }

  /** Seven bits a byte, the lowest first; the lowest of all is the sign. */
  #number(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('a message is cut off');
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new Error('a number in a message has no end');
  }
}
