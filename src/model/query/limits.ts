/** How much one query may ask. */
export const MAX_SPLITS = 8;
export const MAX_LIMIT = 100_000;
export const MAX_CLAUSES = 100;
/** Values of one `in`, blocks of one `cidr`. */
export const MAX_VALUES = 10_000;
/** Characters of one text value or pattern. */
export const MAX_TEXT = 4096;
/** Where a list has more values than the one, each of them has at most so many characters as the other: it must fit into a request. */
export const MAX_LONG_TEXTS = 500;
export const MAX_SHORT_TEXT = 128;
/** Ranges of one clause. */
export const MAX_RANGES = 100;
export const MAX_HAVING = 20;
export const MAX_MEASURES = 32;
/** What a split by anything but time shows when the query doesn't say. */
export const DEFAULT_LIMIT = 1000;
/** Raw records of one page, and how far pages reach. */
export const MAX_PAGE = 10_000;
export const MAX_OFFSET = 1_000_000_000;
