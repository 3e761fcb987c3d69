import { fieldNamed } from '../model/catalog/fields.ts';
import { PeepholeError } from '../model/errors.ts';

/**
 * Which field stands where in a line: AWS names, in order. Names that the catalog does not know are
 * kept as they came. Plain data, so that it can be sent to a worker.
 */
export interface Layout {
  readonly names: readonly string[];
}

/** No flow log has a tenth of them; what has more was made to fill the memory. */
export const MAX_FIELDS = 1000;
const NAME = /^[a-z][A-Za-z0-9_-]*$/;

/**
 * The layout of these field names (AWS's or snake_case).
 * Returns the reason as text if they make none: a field that stands there twice, or too many of them.
 */
export function layoutOf(names: readonly string[]): Layout | string {
  if (names.length > MAX_FIELDS)
    return `the header names ${names.length} fields, more than the ${MAX_FIELDS} that a log may have`;
  const canonical = names.map((name) => fieldNamed(name)?.aws ?? name);
  const seen = new Set<string>();
  for (const name of canonical) {
    if (seen.has(name)) return `the header names ${name} twice`;
    seen.add(name);
  }
  return { names: canonical };
}

/**
 * Whether these words are a header line: every one looks like a field name, and at least half of
 * them are in the catalog. No record passes: its version, addresses and numbers start otherwise.
 */
export function isHeader(words: readonly string[]): boolean {
  let known = 0;
  for (const word of words) {
    if (!NAME.test(word)) return false;
    if (fieldNamed(word) !== undefined) known += 1;
  }
  return known > 0 && known * 2 >= words.length;
}

/**
 * The layout that a flow log's own format text names, as in AWS's console: `${version} ${account-id} …`;
 * plain names `version account-id …` do too.
 *
 * @throws PeepholeError `usage`, naming the part that is wrong.
 */
export function parseFormat(text: string): Layout {
  const parts = text
    .trim()
    .split(/[\s,]+/)
    .flatMap(splitBraces);
  if (parts.length === 1 && parts[0] === '') {
    throw new PeepholeError(
      'usage',
      'The format is empty: give the fields in order, as in ${version} ${account-id}.',
    );
  }
  const names = parts.map((part) => {
    const name = part.startsWith('${') && part.endsWith('}') ? part.slice(2, -1) : part;
    if (NAME.test(name)) return name;
    throw new PeepholeError(
      'usage',
      `The format has ${part}, which is not a field name: write it as \${srcaddr}.`,
      {
        part,
      },
    );
  });
  if (!names.some((name) => fieldNamed(name) !== undefined)) {
    throw new PeepholeError('usage', `The format names no flow-log field: ${names.slice(0, 3).join(' ')}.`);
  }
  const layout = layoutOf(names);
  if (typeof layout !== 'string') return layout;
  throw new PeepholeError('usage', `The format can't be used: ${layout.replace('the header', 'it')}.`);
}

/** `${a}${b}` without a blank between is two fields. */
function splitBraces(part: string): string[] {
  return part.replaceAll('}${', '} ${').split(' ');
}
