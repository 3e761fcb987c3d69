import type { PeepholeError } from '../../../model/errors.ts';
import { badPattern } from '../../bad-pattern.ts';

/** What ClickHouse says of a pattern that RE2 can't read (its error 427, CANNOT_COMPILE_REGEXP). */
const complaint = /OptimizedRegularExpression: cannot compile re2: .*?, error: (.*?)\. Look at https/s;

/** The error to show for what ClickHouse threw, if it says that a `matches` pattern is not a regular expression; else null. */
export function explainRegexError(error: unknown): PeepholeError | null {
  const reason = complaint.exec(error instanceof Error ? error.message : String(error))?.[1];
  return reason === undefined ? null : badPattern(reason, error);
}
