import { EARLIEST_SECOND, LATEST_SECOND } from '../../model/catalog/fields.ts';
import { NO_ADDRESS } from '../../model/record/record-batch.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { ADDRESS, CLOSED, COUNTER, INTEGER, STATUS, TEXT, TIME, UNKNOWN } from '../part/scratch-column.ts';
import { HASH_PRIME, HASH_START } from '../part/token-table.ts';
import { timestampEnd } from './timestamp.ts';

/** Longer lines are no records. */
export const MAX_LINE_BYTES = 1_048_576;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const TAB = 9;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const LOWER_A = 97;
const LOWER_Z = 122;

/** Counters up to 15 digits are exact as doubles on the way; longer ones are read with care. */
const EXACT_DIGITS = 15;

const extraBytes = Buffer.allocUnsafeSlow(4096);

/** For each place of a layout the text there in the line before: where it is (from -1: nowhere), and its code. */
let seenFrom = new Int32Array(64);
let seenTo = new Int32Array(64);
let seenCode = new Uint32Array(64);

/**
 * The inner loop: reads records of the builder's current binding out of whole lines, straight from
 * bytes into columns, and commits them. It knows only the usual: blanks between fields, values
 * in range. It stops before the first line that is anything else, at the end, when the part is full,
 * or when it has `stop` rows.
 *
 * `bytes[end - 1]` has to be a line feed. Returns where it stopped; the lines before are committed.
 * Every way out of the loop over places leaves the row to be overwritten, with its nulls cleared.
 */
export function parseUsualLines(
  builder: PartBuilder,
  bytes: Uint8Array,
  from: number,
  end: number,
  stop: number,
): number {
  const binding = builder.binding!;
  const { kinds, data, nulls, limits, values, columns, extras, textOnly } = binding;
  const { tokens, addresses, texts } = builder;
  const places = kinds.length;
  const last = places - 1;
  const startData = binding.start < 0 ? null : data[binding.start]!;
  const endData = binding.end < 0 ? null : data[binding.end]!;
  const endNulls = binding.end < 0 ? null : nulls[binding.end]!;
  const implied = binding.implied;
  if (places > seenFrom.length) {
    seenFrom = new Int32Array(2 * places);
    seenTo = new Int32Array(2 * places);
    seenCode = new Uint32Array(2 * places);
  }
  seenFrom.fill(-1);
  let rowLimit = Math.min(stop, builder.rowLimit);
  let row = builder.rows;
  let position = from;

  lines: while (position < end && row < rowLimit) {
    let p = position;
    let status = '';
    let extraLength = 0;
    let extraHash = HASH_START;
    if (position + 20 < end && bytes[position + 4] === DASH && bytes[position + 7] === DASH) {
      p = timestampEnd(bytes, position, end);
      if (p > position) {
        p += 1;
        // Here the timestamp may be the record's time.
        if (implied !== null) {
          builder.rows = row;
          return position;
        }
      }
    }
    let good = false;
    if (textOnly && bytes[p]! >= LOWER_A && bytes[p]! <= LOWER_Z) {
      builder.rows = row;
      return position;
    }
    fields: for (let place = 0; place < places; place += 1) {
      let byte = bytes[p]!;
      const kind = kinds[place]!;
      const column = data[place]!;
      if (byte === DASH && bytes[p + 1]! <= BLANK && kind !== UNKNOWN) {
        p += 1;
        if (kind === ADDRESS) {
          column[row * 2] = 0;
          column[row * 2 + 1] = NO_ADDRESS;
        } else if (kind >= TEXT) {
          column[row] = 0;
        } else {
          nulls[place]![row] = 1;
          columns[place]!.hasNulls = true;
          if (kind === COUNTER) {
            column[row * 2] = 0;
            column[row * 2 + 1] = 0;
          } else {
            column[row] = 0;
          }
        }
      } else {
        const tokenStart = p;
        switch (kind) {
          case INTEGER: {
            let digit = byte - ZERO;
            let value = 0;
            while (digit >= 0 && digit <= 9) {
              value = value * 10 + digit;
              digit = bytes[(p += 1)]! - ZERO;
            }
            if (p === tokenStart || p - tokenStart > EXACT_DIGITS || value > limits[place]!) break fields;
            column[row] = value;
            break;
          }
          case TIME: {
            let digit = byte - ZERO;
            let value = 0;
            while (digit >= 0 && digit <= 9) {
              value = value * 10 + digit;
              digit = bytes[(p += 1)]! - ZERO;
            }
            if (p - tokenStart > EXACT_DIGITS || value < EARLIEST_SECOND || value > LATEST_SECOND)
              break fields;
            column[row] = value;
            break;
          }
          case COUNTER: {
            let digit = byte - ZERO;
            let value = 0;
            while (digit >= 0 && digit <= 9) {
              value = value * 10 + digit;
              digit = bytes[(p += 1)]! - ZERO;
            }
            if (p === tokenStart || p - tokenStart > EXACT_DIGITS) break fields;
            column[row * 2] = value;
            column[row * 2 + 1] = value / 4_294_967_296;
            break;
          }
          case ADDRESS: {
            let address = 0;
            let octets = 0;
            for (; octets < 4; octets += 1) {
              let octet = byte - ZERO;
              if (octet < 0 || octet > 9) break;
              let digit = bytes[(p += 1)]! - ZERO;
              if (digit >= 0 && digit <= 9) {
                if (octet === 0) break;
                octet = octet * 10 + digit;
                digit = bytes[(p += 1)]! - ZERO;
                if (digit >= 0 && digit <= 9) {
                  octet = octet * 10 + digit;
                  if (octet > 255) break;
                  p += 1;
                }
              }
              address = (address << 8) | octet;
              byte = bytes[p]!;
              if (octets < 3) {
                if (byte !== DOT) break;
                byte = bytes[(p += 1)]!;
              }
            }
            if (octets === 4 && byte <= BLANK) {
              column[row * 2] = address;
              column[row * 2 + 1] = 0;
              break;
            }
            p = tokenStart;
            byte = bytes[p]!;
            let hash = HASH_START;
            while (byte > BLANK) {
              hash = Math.imul(hash ^ byte, HASH_PRIME);
              byte = bytes[(p += 1)]!;
            }
            const code = addresses.code(bytes, tokenStart, p, hash);
            if (code < 0) break fields;
            column[row * 2] = code;
            column[row * 2 + 1] = 1;
            break;
          }
          case UNKNOWN: {
            const room = extraBytes.length - 1;
            while (byte > BLANK && extraLength < room) {
              extraHash = Math.imul(extraHash ^ byte, HASH_PRIME);
              extraBytes[extraLength] = byte;
              extraLength += 1;
              byte = bytes[(p += 1)]!;
            }
            if (p === tokenStart || extraLength >= room) break fields;
            extraHash = Math.imul(extraHash ^ LINE_FEED, HASH_PRIME);
            extraBytes[extraLength] = LINE_FEED;
            extraLength += 1;
            break;
          }
          default: {
            // Mostly the same as in the line before: comparing takes less than hashing.
            let q = seenFrom[place]!;
            if (q >= 0) {
              const to = seenTo[place]!;
              while (q < to && bytes[q] === byte) {
                q += 1;
                byte = bytes[(p += 1)]!;
              }
              if (q === to && byte <= BLANK) {
                column[row] = seenCode[place]!;
                if (kind === STATUS) status = texts.list[seenCode[place]!]!;
                break;
              }
              p = tokenStart;
              byte = bytes[p]!;
            }
            let hash = HASH_START;
            while (byte > BLANK) {
              hash = Math.imul(hash ^ byte, HASH_PRIME);
              byte = bytes[(p += 1)]!;
            }
            if (p === tokenStart) break fields;
            const code = tokens.code(bytes, tokenStart, p, hash);
            column[row] = code;
            if (kind === CLOSED || kind === STATUS) {
              const text = texts.list[code]!;
              if (!values[place]!.includes(text)) break fields;
              if (kind === STATUS) status = text;
            }
            seenFrom[place] = tokenStart;
            seenTo[place] = p;
            seenCode[place] = code;
          }
        }
      }
      byte = bytes[p]!;
      if (place < last) {
        if (byte !== BLANK && byte !== TAB) break;
        do byte = bytes[(p += 1)]!;
        while (byte === BLANK || byte === TAB);
      } else {
        while (byte === BLANK || byte === TAB) byte = bytes[(p += 1)]!;
        if (byte === CARRIAGE_RETURN) byte = bytes[(p += 1)]!;
        good = byte === LINE_FEED && p < end;
        p += 1;
      }
    }
    if (good && startData !== null && endData !== null && endData[row]! < startData[row]!) {
      good = endNulls![row] === 1;
    }
    // No start: it may have its time from elsewhere. (No time is 0.)
    if (startData !== null && startData[row] === 0) good = false;
    if (!good || p - position > MAX_LINE_BYTES) {
      builder.rows = row;
      builder.discard();
      return position;
    }
    if (implied !== null) {
      if (endData === null || endNulls![row] === 1) {
        implied.setNull(row);
      } else {
        implied.data[row] = endData[row]!;
        builder.noteStart();
      }
    }
    if (extras !== null) data[binding.extra]![row] = extras.code(extraBytes, 0, extraLength - 1, extraHash);
    position = p;
    if (status === '' || status === 'OK') {
      row += 1;
    } else {
      builder.rows = row;
      builder.commit(status);
      rowLimit = Math.min(stop, builder.rowLimit);
    }
    continue lines;
  }
  builder.rows = row;
  return position;
}
