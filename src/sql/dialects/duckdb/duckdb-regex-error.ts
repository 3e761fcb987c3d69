import type { PeepholeError } from '../../../model/errors.ts';
import { badPattern } from '../../bad-pattern.ts';

/** What RE2 says of a pattern that it can't read (its `re2/re2.cc`, kErrorStrings…), as DuckDB passes it on. */
const complaints =
  /^Invalid Input Error: (missing \)|unexpected \)|missing \]|missing argument to repetition operator|no argument for repetition operator|bad repetition operator|invalid repetition size|invalid character class|invalid character class range|invalid escape sequence|trailing \\|invalid perl operator|invalid UTF-8|invalid named capture group|pattern too large|unexpected error|nesting too deep|expression too|regexp too)/i;

/** The error to show for what DuckDB threw, if it says that a `matches` pattern is not a regular expression; else null. */
export function explainRegexError(error: unknown): PeepholeError | null {
  const text = error instanceof Error ? error.message : String(error);
  if (!complaints.test(text)) return null;
  return badPattern((text.split('\n')[0] ?? text).replace('Invalid Input Error: ', ''), error);
}
