// The inner loop of decoding text, in AssemblyScript (TypeScript's syntax, compiled to WebAssembly; the types are those
// of memory: u32, usize for an address, v128 for 16 bytes at once). `node scripts/compile-usual-lines.mjs` compiles it
// into usual-lines.wasm.ts; usual-lines.ts calls it and says what it is for.
//
// Nothing is allocated: all that it works on is at fixed addresses, below. `parse` takes lines out of the window, and
// leaves their values in rows of staged columns, one column for each place of the layout.

/** What a place of a layout is: `kind` of part/scratch-column.ts. */
const INTEGER: u32 = 0;
const TIME: u32 = 1;
const COUNTER: u32 = 2;
const ADDRESS: u32 = 3;
const TEXT: u32 = 4;
const STATUS: u32 = 6;
const UNKNOWN: u32 = 7;

/** Why `parse` stopped: at the end, or its rows are full. */
const AT_END: u32 = 0;
/** The next line is anything but usual. */
export const UNUSUAL: u32 = 1;
/** It needs the code of a text before it can go on, with the line in which the text stands. */
export const NEW_TEXT: u32 = 2;
/** The line before the position has a log-status other than OK; it is in the row after the others. */
export const NO_FLOW: u32 = 3;

/** Sizes: places of a layout, rows that are staged, bytes of lines at once, and of what unknown fields hold in a line. */
export const PLACES: u32 = 128;
export const ROWS: u32 = 1024;
export const WINDOW_BYTES: u32 = 65536;
const EXTRA_BYTES: u32 = 4096;
/** The table of texts holds so many, with so many bytes; when it is full it forgets all of them. */
const TEXTS: u32 = 131072;
const SLOTS: u32 = 262144;
const ARENA_BYTES: u32 = 8388608;

/** A value may be read with 16 bytes before it or 64 after it. */
const MARGIN: usize = 64;
/** Columns of which each begins a little later: if all began at the same place of a page, they would share few lines of the processor's cache. */
export const COLUMN_BYTES: usize = ROWS * 8 + 128;
export const NULLS_BYTES: usize = ROWS + 128;

// Where everything is.
/** What `parse` says beside why it stopped: how many rows are staged, where the next line begins, and of a new text its address, length, kind and number. */
export const SAID: usize = 1088;
/** Sixteen bytes of ones, then sixteen of zeros: from 16 - n on, a mask of the first n bytes of sixteen. */
const FIRST_BYTES: usize = 1024;
/** For each place four numbers, written by who calls: its kind, its least and its largest value or the classes of texts it takes; and whether a row is null, written here. */
export const LAYOUT: usize = 2048;
const PLACE_BYTES: usize = 16;
/** For each place the text in the line before: its address, length, code and classes. */
const SEEN: usize = LAYOUT + PLACES * PLACE_BYTES;
export const WINDOW: usize = 8192 + MARGIN;
const EXTRA: usize = WINDOW + WINDOW_BYTES + MARGIN;
export const COLUMNS: usize = EXTRA + EXTRA_BYTES + MARGIN;
export const NULLS: usize = COLUMNS + PLACES * COLUMN_BYTES;
const SLOT: usize = NULLS + PLACES * NULLS_BYTES;
/** Each text: its hash, length, address, code, the part that the code is of, its classes, and its kind of text. */
const ENTRY: usize = SLOT + SLOTS * 4;
const ENTRY_BYTES: usize = 32;
const ARENA: usize = ENTRY + TEXTS * ENTRY_BYTES;
export const MEMORY_BYTES: usize = ARENA + ARENA_BYTES + MARGIN;

// What `bind` and `begin` said.
let places: u32 = 0;
let startPlace: i32 = -1;
let endPlace: i32 = -1;
let extraPlace: i32 = -1;
let extraKind: u32 = 0;
/** Whether a record's start comes from its end, since the layout has none; it is staged behind the last place. */
let implied: bool = false;
/** Whether every place takes any text: a header would be a record then. */
let anyText: bool = false;
let part: u32 = 0;

// What is new of a text: where it stands, its length, its kind (0: any text, 1: an address, others: unknown fields), its
// hash, and its number if it was there in an earlier part, or 0.
let newText: usize = 0;
let newLength: u32 = 0;
let newKind: u32 = 0;
let newHash: u32 = 0;
let newEntry: u32 = 0;

/** How many texts the table holds, and bytes of them. */
export let texts: u32 = 0;
export let textBytes: u32 = 0;
/** The classes of what `codeOf` found. */
let foundClasses: u32 = 0;

const MINUS: u32 = 45;
const DOT: u32 = 46;
const ZERO: u32 = 48;
const BLANK: u32 = 32;
const TAB: u32 = 9;
const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;

/** To be called once, before everything else. */
export function prepare(): void {
  memory.fill(FIRST_BYTES, 255, 16);
}

/** What the lines look like from now on; their places are in LAYOUT. Places that the layout does not have are -1. */
export function bind(count: u32, start: i32, end: i32, extra: i32, kind: u32, hasImplied: bool, textOnly: bool): void {
  places = count;
  startPlace = start;
  endPlace = end;
  extraPlace = extra;
  extraKind = kind;
  implied = hasImplied;
  anyText = textOnly;
}

/** Begins a part: codes of others mean nothing any more. */
export function begin(number: u32): void {
  part = number;
}

/** Forgets all texts. */
export function forget(): void {
  memory.fill(SLOT, 0, SLOTS * 4);
  texts = 0;
  textBytes = 0;
}

/** Takes the code and the classes of the new text, and gives the text its number. A new one with the number 1 is the first, or all before it were forgotten. */
export function learn(code: u32, classes: u32): u32 {
  let number = newEntry;
  if (number == 0) {
    if (texts + 1 >= TEXTS || textBytes + newLength > ARENA_BYTES) forget();
    number = ++texts;
    const entry = ENTRY + <usize>number * ENTRY_BYTES;
    store<u32>(entry, newHash);
    store<u32>(entry, newLength, 4);
    store<u32>(entry, <u32>ARENA + textBytes, 8);
    store<u32>(entry, newKind, 24);
    memory.copy(ARENA + textBytes, newText, newLength);
    textBytes += newLength;
    let slot = newHash & (SLOTS - 1);
    while (load<u32>(SLOT + (<usize>slot << 2)) != 0) slot = (slot + 1) & (SLOTS - 1);
    store<u32>(SLOT + (<usize>slot << 2), number);
  }
  const entry = ENTRY + <usize>number * ENTRY_BYTES;
  store<u32>(entry, code, 12);
  store<u32>(entry, part, 16);
  store<u32>(entry, classes, 20);
  return number;
}

/** The code of a text in this part; -1 if it has none yet. */
function codeOf(from: usize, length: u32, kind: u32): i32 {
  const hash = hashOf(from, length, kind);
  let slot = hash & (SLOTS - 1);
  newEntry = 0;
  for (;;) {
    const number = load<u32>(SLOT + (<usize>slot << 2));
    if (number == 0) break;
    const entry = ENTRY + <usize>number * ENTRY_BYTES;
    if (
      load<u32>(entry) == hash &&
      load<u32>(entry, 4) == length &&
      load<u32>(entry, 24) == kind &&
      same(from, load<u32>(entry, 8), length)
    ) {
      if (load<u32>(entry, 16) == part) {
        foundClasses = load<u32>(entry, 20);
        return load<u32>(entry, 12);
      }
      newEntry = number;
      break;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  newText = from;
  newLength = length;
  newKind = kind;
  newHash = hash;
  return -1;
}

function hashOf(from: usize, length: u32, kind: u32): u32 {
  let hash = <u64>length * 0x9e3779b97f4a7c15 + <u64>kind;
  let end: v128;
  if (length <= 16) {
    end = v128.and(v128.load(from), v128.load(FIRST_BYTES + 16 - length));
  } else {
    for (let i: u32 = 0; i + 16 < length; i += 16) hash = mixed(hash, load<u64>(from + i), load<u64>(from + i, 8));
    end = v128.load(from + length - 16);
  }
  return <u32>(mixed(hash, i64x2.extract_lane(end, 0), i64x2.extract_lane(end, 1)) >> 32);
}

// @ts-ignore
@inline
function mixed(hash: u64, low: u64, high: u64): u64 {
  const half = (hash ^ low) * 0xff51afd7ed558ccd;
  return (half ^ (half >> 32) ^ high) * 0xc4ceb9fe1a85ec53;
}

/** Whether two texts of a length are the same. */
// @ts-ignore
@inline
function same(one: usize, other: usize, length: u32): bool {
  if (length <= 16) {
    const first = v128.load(FIRST_BYTES + 16 - length);
    return !v128.any_true(v128.and(v128.xor(v128.load(one), v128.load(other)), first));
  }
  for (let i: u32 = 0; i + 16 < length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(one + i), v128.load(other + i)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(one + length - 16), v128.load(other + length - 16)));
}

/** A bit for each of 64 bytes: whether it is a blank or anything below, which ends a value. */
// @ts-ignore
@inline
function endsIn(from: usize): u64 {
  const blank = i8x16.splat(32);
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.le_u(v128.load(from), blank))) |
    (<u64>(<u32>i8x16.bitmask(i8x16.le_u(v128.load(from, 16), blank))) << 16) |
    (<u64>(<u32>i8x16.bitmask(i8x16.le_u(v128.load(from, 32), blank))) << 32) |
    (<u64>(<u32>i8x16.bitmask(i8x16.le_u(v128.load(from, 48), blank))) << 48)
  );
}

/** The number that a value of up to 15 digits is (longer ones are read elsewhere, with care); -1 if it is none. */
// @ts-ignore
@inline
function numberOf(end: usize, length: u32): i64 {
  if (length <= 8) {
    const digits = lastDigits(end, length);
    return areDigits(digits) ? <i64>eightDigits(digits) : -1;
  }
  if (length > 15) return -1;
  const high = lastDigits(end - 8, length - 8);
  const low = lastDigits(end, 8);
  return areDigits(high) && areDigits(low) ? <i64>(eightDigits(high) * 100_000_000 + eightDigits(low)) : -1;
}

/** The values of up to eight digits before `end`, one in each byte, zeros before them. */
// @ts-ignore
@inline
function lastDigits(end: usize, length: u32): u64 {
  const others = <u64>(64 - 8 * length);
  return ((load<u64>(end - 8) ^ 0x3030303030303030) >> others) << others;
}

/** Whether each byte is 0 to 9. */
// @ts-ignore
@inline
function areDigits(bytes: u64): bool {
  return (((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080) == 0;
}

/** Eight digits as a number: neighbours become pairs, pairs become fours, and those the whole. */
// @ts-ignore
@inline
function eightDigits(digits: u64): u64 {
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10_000 + (fours >> 32)) & 0xffffffff;
}

/** The number of an IPv4 address; -1 if a value is none. */
// @ts-ignore
@inline
function ipv4Of(from: usize, length: u32): i64 {
  if (length > 15) return -1;
  const bytes = v128.load(from);
  const all = <u32>((1 << length) - 1);
  const digits = <u32>i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(9))) & all;
  let dots = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(46))) & all;
  if ((dots | digits) != all || popcnt(dots) != 3) return -1;
  const first = from + ctz(dots);
  dots &= dots - 1;
  const second = from + ctz(dots);
  dots &= dots - 1;
  const third = from + ctz(dots);
  const a = octetOf(from, first);
  const b = octetOf(first + 1, second);
  const c = octetOf(second + 1, third);
  const d = octetOf(third + 1, from + length);
  if ((a | b | c | d) > 255) return -1;
  return <i64>(<u64>((a << 24) | (b << 16) | (c << 8) | d));
}

/** Digits as an octet; more than 255 if they are none: too many or none of them, too large, or with a zero before others. */
// @ts-ignore
@inline
function octetOf(from: usize, end: usize): u32 {
  const length = <u32>(end - from);
  const others = (32 - 8 * length) & 31;
  const digits = ((load<u32>(end - 4) ^ 0x30303030) >> others) << others;
  const value = (digits >> 24) + 10 * ((digits >> 16) & 255) + 100 * ((digits >> 8) & 255);
  const wrong = <u32>(length - 1 > 2) | (<u32>(length > 1) & <u32>(load<u8>(from) == ZERO));
  return value | (wrong << 16);
}

/** As timestampEnd in timestamp.ts: where the timestamp at the beginning of a line ends, or `from`. */
function timestampEnd(from: usize): usize {
  for (let i: usize = 0; i < 19; i++) {
    const byte = <u32>load<u8>(from + i);
    if (i == 4 || i == 7) {
      if (byte != MINUS) return from;
    } else if (i == 10) {
      if (byte != 84 && byte != BLANK) return from;
    } else if (i == 13 || i == 16) {
      if (byte != 58) return from;
    } else if (byte - ZERO > 9) {
      return from;
    }
  }
  let p = from + 19;
  if (load<u8>(p) == DOT) {
    const limit = p + 11;
    p++;
    while (p < limit && <u32>load<u8>(p) - ZERO <= 9) p++;
  }
  const sign = <u32>load<u8>(p);
  if (sign == 90) {
    p++;
  } else if (sign == 43 || sign == MINUS) {
    const limit = p + 6;
    p++;
    while (p < limit && <u32>load<u8>(p) - ZERO <= 10) p++;
  }
  const after = <u32>load<u8>(p);
  return after == BLANK || after == TAB ? p : from;
}

// @ts-ignore
@inline
function stopped(why: u32, at: usize, rows: u32): u32 {
  store<u32>(SAID, rows);
  store<u32>(SAID, <u32>at, 4);
  if (why == NEW_TEXT) {
    store<u32>(SAID, <u32>newText, 8);
    store<u32>(SAID, newLength, 12);
    store<u32>(SAID, newKind, 16);
    store<u32>(SAID, newEntry, 20);
  }
  return why;
}

/**
 * Reads whole lines from `from` on into rows from `rows` on, to `end` (a line feed is before it) or until there are `most`
 * rows. Says why it stopped; SAID tells where: what is before that was read.
 */
export function parse(from: usize, end: usize, rows: u32, most: u32): u32 {
  const last = places - 1;
  let line = from;
  let at = rows;
  for (let place: usize = 0; place <= <usize>places; place++) {
    // A row that was given up may have left them.
    store<u8>(NULLS + place * NULLS_BYTES + at, 0);
    store<u32>(SEEN + place * PLACE_BYTES, 0, 4);
  }
  let block = line;
  let ends = endsIn(block);
  while (line < end && at < most) {
    let p = line;
    let classes: u32 = 0;
    let extraLength: u32 = 0;
    let valueEnd: usize = 0;
    if (load<u8>(line + 4) == MINUS && load<u8>(line + 7) == MINUS) {
      p = timestampEnd(line);
      if (p > line) {
        // The timestamp may be the record's time.
        if (implied) return stopped(UNUSUAL, line, at);
        p++;
        block = p;
        ends = endsIn(block);
      }
    }
    if (anyText && <u32>load<u8>(p) - 97 <= 25) return stopped(UNUSUAL, line, at);
    let layout = LAYOUT;
    let column = COLUMNS;
    for (let place: u32 = 0; ; place++, layout += PLACE_BYTES, column += COLUMN_BYTES) {
      while (ends == 0) {
        block += 64;
        ends = endsIn(block);
      }
      valueEnd = block + <usize>ctz(ends);
      ends &= ends - 1;
      const length = <u32>(valueEnd - p);
      if (length == 0) return stopped(UNUSUAL, line, at);
      const kind = load<u32>(layout);
      const narrow = column + (<usize>at << 2);
      const wide = column + (<usize>at << 3);
      if (length == 1 && load<u8>(p) == MINUS && kind != UNKNOWN) {
        if (kind == ADDRESS) {
          store<u64>(wide, 0xffffffff00000000);
        } else if (kind >= TEXT) {
          store<u32>(narrow, 0);
        } else {
          store<u8>(NULLS + <usize>place * NULLS_BYTES + at, 1);
          store<u32>(layout, 1, 12);
          if (kind == COUNTER) store<u64>(wide, 0);
          else store<u32>(narrow, 0);
        }
      } else if (kind <= TIME) {
        const value = numberOf(valueEnd, length);
        if (value < <i64>(<u64>load<u32>(layout, 4)) || value > <i64>(<u64>load<u32>(layout, 8)))
          return stopped(UNUSUAL, line, at);
        store<u32>(narrow, <u32>value);
      } else if (kind == ADDRESS) {
        const value = ipv4Of(p, length);
        if (value >= 0) {
          store<u64>(wide, <u64>value);
        } else {
          const code = codeOf(p, length, 1);
          if (code < 0) return stopped(NEW_TEXT, line, at);
          store<u64>(wide, 0x100000000 | <u64>(<u32>code));
        }
      } else if (kind == COUNTER) {
        const value = numberOf(valueEnd, length);
        if (value < 0) return stopped(UNUSUAL, line, at);
        store<u64>(wide, <u64>value);
      } else if (kind == UNKNOWN) {
        if (extraLength + length >= EXTRA_BYTES) return stopped(UNUSUAL, line, at);
        memory.copy(EXTRA + extraLength, p, length);
        store<u8>(EXTRA + extraLength + length, <u8>LINE_FEED);
        extraLength += length + 1;
      } else {
        const seen = SEEN + <usize>place * PLACE_BYTES;
        // Mostly it is the same as in the line before: comparing takes less than hashing.
        if (load<u32>(seen, 4) != length || !same(p, load<u32>(seen), length)) {
          const code = codeOf(p, length, 0);
          if (code < 0) return stopped(NEW_TEXT, line, at);
          if (kind != TEXT && (foundClasses & load<u32>(layout, 8)) == 0) return stopped(UNUSUAL, line, at);
          store<u32>(seen, <u32>p);
          store<u32>(seen, length, 4);
          store<u32>(seen, code, 8);
          store<u32>(seen, foundClasses, 12);
        }
        store<u32>(narrow, load<u32>(seen, 8));
        if (kind == STATUS) classes = load<u32>(seen, 12);
      }
      let byte = <u32>load<u8>(valueEnd);
      if (place == last) {
        while (byte != LINE_FEED) {
          if (byte != BLANK && byte != TAB && byte != CARRIAGE_RETURN) return stopped(UNUSUAL, line, at);
          const next = <u32>load<u8>(valueEnd + 1);
          if (next > BLANK || (byte == CARRIAGE_RETURN && next != LINE_FEED)) return stopped(UNUSUAL, line, at);
          while (ends == 0) {
            block += 64;
            ends = endsIn(block);
          }
          ends &= ends - 1;
          valueEnd++;
          byte = next;
        }
        break;
      }
      if (byte != BLANK && byte != TAB) return stopped(UNUSUAL, line, at);
      p = valueEnd + 1;
      byte = <u32>load<u8>(p);
      while (byte == BLANK || byte == TAB) {
        while (ends == 0) {
          block += 64;
          ends = endsIn(block);
        }
        ends &= ends - 1;
        p++;
        byte = <u32>load<u8>(p);
      }
    }
    if (startPlace >= 0) {
      const start = load<u32>(COLUMNS + <usize>startPlace * COLUMN_BYTES + (<usize>at << 2));
      // No start: it may have its time from elsewhere. (No time is 0.)
      if (start == 0) return stopped(UNUSUAL, line, at);
      if (
        endPlace >= 0 &&
        load<u32>(COLUMNS + <usize>endPlace * COLUMN_BYTES + (<usize>at << 2)) < start &&
        load<u8>(NULLS + <usize>endPlace * NULLS_BYTES + at) == 0
      )
        return stopped(UNUSUAL, line, at);
    }
    if (implied) {
      const known = endPlace >= 0 && load<u8>(NULLS + <usize>endPlace * NULLS_BYTES + at) == 0;
      const time = known ? load<u32>(COLUMNS + <usize>endPlace * COLUMN_BYTES + (<usize>at << 2)) : 0;
      store<u32>(column + COLUMN_BYTES + (<usize>at << 2), time);
      store<u8>(NULLS + <usize>places * NULLS_BYTES + at, known ? 0 : 1);
      // Beside whether a row is null: whether one has a time.
      if (known) store<u32>(layout + PLACE_BYTES, 1, 8);
      else store<u32>(layout + PLACE_BYTES, 1, 12);
    }
    if (extraPlace >= 0) {
      const code = codeOf(EXTRA, extraLength - 1, extraKind);
      if (code < 0) return stopped(NEW_TEXT, line, at);
      store<u32>(COLUMNS + <usize>extraPlace * COLUMN_BYTES + (<usize>at << 2), code);
    }
    line = valueEnd + 1;
    // The classes of what a log-status may be: those of no flow are negative.
    if (<i32>classes < 0) return stopped(NO_FLOW, line, at);
    at++;
  }
  return stopped(AT_END, line, at);
}
