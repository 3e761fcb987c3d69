const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const v4 = `${byte}(?:[.]${byte}){3}`;
const group = '[0-9A-Fa-f]{1,4}';
/** The last two groups, which may be written as an IPv4 address. */
const tail = `(?:${group}:${group}|${v4})`;

/** At most so many groups, the last without a colon; or none. */
const upTo = (groups: number): string => `(?:(?:${group}:){0,${groups - 1}}${group})?`;

/** RFC 3986, section 3.2.2, `IPv6address`. */
const v6 = [
  `(?:${group}:){6}${tail}`,
  `::(?:${group}:){5}${tail}`,
  `(?:${group})?::(?:${group}:){4}${tail}`,
  `${upTo(2)}::(?:${group}:){3}${tail}`,
  `${upTo(3)}::(?:${group}:){2}${tail}`,
  `${upTo(4)}::${group}:${tail}`,
  `${upTo(5)}::${tail}`,
  `${upTo(6)}::${group}`,
  `${upTo(7)}::`,
].join('|');

/**
 * An address as queries take it, as the source of a regular expression: IPv4 in four decimal parts, IPv6 without a zone.
 * The published schema has the same form.
 */
export const addressForm = `^(?:${v4}|${v6})$`;

/** A block, or an address as a block of one; likewise. */
export const blockForm = `^(?:${v4}(?:/(?:3[0-2]|[12]?[0-9]))?|(?:${v6})(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$`;
