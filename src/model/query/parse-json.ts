import { PeepholeError } from '../errors.ts';

/** No question needs more brackets within each other; deeper ones would exhaust the stack of whoever walks them. */
const MAX_DEPTH = 64;

/** Parses the JSON of a question. Throws `bad_query` for what is not JSON or is nested too deep; `what` is for the message. */
export function parseJson(text: string, what: string): unknown {
  checkDepth(text, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PeepholeError('bad_query', `The ${what} is not JSON: ${(error as Error).message}`);
  }
}

/** Throws `bad_query` where brackets are nested too deep. Reads the text once, without a stack. */
export function checkDepth(text: string, what: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth++;
      if (depth > MAX_DEPTH) {
        throw new PeepholeError(
          'bad_query',
          `The ${what} is nested more than ${MAX_DEPTH} levels deep, which no question needs.`,
        );
      }
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
