import type { UnkeptVisits, Visit } from '../model/visits/visit.ts';
import { plural } from './messages.ts';
import { visitLine } from './print-visit.ts';

/** Lines per second for people; the others are in the files. */
const MOST_LINES = 20;
/** Bytes that wait for the reader of the output; beyond them, lines are only counted. */
const MOST_WAITING = 1024 ** 2;
/** Milliseconds that the reader may take for the rest when the listener has ended. */
const LAST_READ = 2_000;

export interface VisitPrinter {
  readonly print: (line: Visit | UnkeptVisits, text: string) => void;
  /** Ends with what was printed, as far as it is read; resolves to whether all was. */
  readonly end: () => Promise<boolean>;
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'writableLength'>;

/**
 * Prints every visit for programs; for people, as many as can be read. A slow reader delays nothing: what does not
 * fit in a bounded queue is only counted, in a separate line as soon as there is room.
 */
export function visitPrinter(
  form: 'json' | 'text' | 'nothing',
  output: Output = process.stdout,
): VisitPrinter {
  let unprinted = 0;
  const write = (text: string): void => {
    if (output.writableLength + text.length > MOST_WAITING) {
      unprinted += 1;
      return;
    }
    if (unprinted > 0) output.write(countLine(form, unprinted));
    unprinted = 0;
    output.write(text);
  };
  const end = async (): Promise<boolean> => {
    const until = Date.now() + LAST_READ;
    while (output.writableLength > 0 && Date.now() < until)
      await new Promise((resolve) => void setTimeout(resolve, 20));
    if (output.writableLength > 0) return false;
    if (unprinted > 0) output.write(countLine(form, unprinted));
    unprinted = 0;
    return true;
  };
  switch (form) {
    case 'nothing':
      return { print: () => undefined, end };
    case 'json':
      return { print: (_, text) => write(text), end };
    case 'text':
      return { print: forPeople(write), end };
  }
}

function countLine(form: 'json' | 'text' | 'nothing', count: number): string {
  return form === 'json'
    ? `${JSON.stringify({ unprinted: count })}\n`
    : `${plural(count, 'more line')} (all are in the files)\n`;
}

function forPeople(write: (text: string) => void): (line: Visit | UnkeptVisits) => void {
  let second = 0;
  let lines = 0;
  let left = 0;
  return (line) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      if (left > 0) write(countLine('text', left));
      second = now;
      lines = 0;
      left = 0;
    }
    lines += 1;
    if (lines > MOST_LINES) left += 1;
    else write(`${visitLine(line)}\n`);
  };
}
