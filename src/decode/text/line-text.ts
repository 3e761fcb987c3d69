import { momentSeconds } from '../value/moment.ts';

/** A line of text, taken apart. */
export interface LineText {
  readonly text: string;
  /** All that blanks and tabs part. */
  readonly words: readonly string[];
  /** The timestamp that the line starts with, as exports of CloudWatch and `aws logs tail` put one there; null if there is none. */
  readonly stamp: {
    /** Unix seconds; null if it can't be. */
    readonly seconds: number | null;
    /** The words after it. */
    readonly words: readonly string[];
  } | null;
}

const STAMP = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{0,10})?(?:Z|[+-][\d:]{0,5})?)[ \t]+/;
/** Escape sequences for terminal colors: `aws logs tail --color on` writes them to files too. */
// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Takes a line apart. */
export function lineText(line: string): LineText {
  const text = line.includes('\u001b') ? line.replaceAll(COLOUR, '') : line;
  const match = STAMP.exec(text);
  return {
    text,
    words: wordsOf(text),
    stamp:
      match === null
        ? null
        : { seconds: momentSeconds(match[1]), words: wordsOf(text.slice(match[0].length)) },
  };
}

/** Runs of blanks and tabs separate fields. */
function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}
