/** All twelve five-minute pieces of an hour. */
const FULL = 0xfff;
/** Its last two. */
const TAIL = 0xc00;
/** So many pieces in a row without any record, where hours usually have records in every one, are an outage. */
const HOLE = 4;

/** An hour with less than this share of the records of its neighbours may have a hole. */
const SUSPICIOUS = 0.85;
/** So many hours say how hours usually are. */
const SAMPLE = 12;

/** An hour with less than this share of the usual number of records says nothing. */
const STRAY = 0.001;

/**
 * The hours without those that only hold a stray record or so, as of a clock that is ahead by a year, where hours usually hold
 * thousands. Usual is the middle hour, each with the digits of its number as its weight: neither many stray hours nor a flood in a few
 * make it.
 */
export function withoutStrays<T extends { readonly hour: number; readonly records: number }>(
  hours: readonly T[],
  range: { readonly from: number; readonly to: number },
): readonly T[] {
  const ordered = hours.toSorted((a, b) => a.records - b.records);
  const weight = ({ records }: T): number => Math.log2(1 + records);
  let left = ordered.reduce((sum, one) => sum + weight(one), 0) / 2;
  const usual = ordered.find((one) => (left -= weight(one)) <= 0)?.records ?? 0;
  const enough = new Set(hours.flatMap(({ hour, records }) => (records > STRAY * usual ? [hour] : [])));
  // An hour of which the range holds a part may have few records: it belongs to the one beside it.
  return hours.filter(
    ({ hour }) =>
      enough.has(hour) ||
      ((hour + 1) * 3600 > range.to && enough.has(hour - 1)) ||
      (hour * 3600 < range.from && enough.has(hour + 1)),
  );
}

/**
 * The hours that need a closer look: beside hours without logs, poorer than their neighbours, and some others, to know
 * what is usual. Looking at all would mean to read every flow.
 */
export function hoursToLookAt(
  hours: readonly { readonly hour: number; readonly records: number }[],
): readonly number[] {
  const every = Math.max(1, Math.floor(hours.length / SAMPLE));
  return hours.flatMap(({ hour, records }, index) => {
    const before = hours[index - 1];
    const after = hours[index + 1];
    const beside = before?.hour !== hour - 1 || after?.hour !== hour + 1;
    const poor = records < (SUSPICIOUS * ((before?.records ?? records) + (after?.records ?? records))) / 2;
    return beside || poor || index % every === 0 ? [hour] : [];
  });
}

/**
 * The hours that have logs for all of their time: an hour in which files are missing for twenty minutes or more
 * is as unknown as one without any, and so is one that only has records which the first file after an outage
 * brought along, since they began before its end. The range's first and last hour need only what lies in the range.
 * @param slots for the hours that were looked at, bits for the five-minute pieces in which any record starts
 */
export function wholeHours(
  hours: readonly number[],
  slots: ReadonlyMap<number, number>,
  range: { readonly from: number; readonly to: number },
): ReadonlySet<number> {
  const logged = new Set(hours);
  const fills = [...slots.values()].toSorted((a, b) => pieces(a) - pieces(b));
  const dense = fills.length > 0 && fills[fills.length >> 1] === FULL;
  const outside = (hour: number): number => {
    let bits = 0;
    for (let piece = 0; piece < 12; piece++) {
      const start = hour * 3600 + piece * 300;
      if (start + 300 <= range.from || start >= range.to) bits |= 1 << piece;
    }
    return bits;
  };
  return new Set(
    hours.filter((hour) => {
      const bits = slots.get(hour) ?? FULL;
      if (dense) return longestHole(bits | outside(hour)) < HOLE;
      return bits === 0 || (bits & ~TAIL) !== 0 || logged.has(hour - 1) || hour === hours[0];
    }),
  );
}

function pieces(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function longestHole(bits: number): number {
  let longest = 0;
  let hole = 0;
  for (let piece = 0; piece < 12; piece++) {
    hole = ((bits >> piece) & 1) === 1 ? 0 : hole + 1;
    longest = Math.max(longest, hole);
  }
  return longest;
}
