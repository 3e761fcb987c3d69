import type { PeepholeError } from '../../model/errors.ts';
import { isHeader } from '../field-layout.ts';
import { notFlowLogs } from '../kinds/flow-evidence.ts';
import { csvHeader } from './csv-header.ts';

const SEPARATORS = [',', ';', '\t', '|'];
const LONGEST_HEADER = 16_384;

/** How the cells of a table are parted. */
export interface Table {
  readonly separator: string;
}

/**
 * The table that text which starts like this is; null if it is none. Its first row names columns that we know, after
 * blank lines and Excel's `sep=;`, if they are there. A separator that makes one is the right one.
 *
 * @throws PeepholeError `unreadable_input` if the table holds sums over flows.
 */
export function tableOf(head: Uint8Array): Table | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, LONGEST_HEADER)).toString(
    'utf8',
  );
  const lines = text.split('\n', 8).map((line) => line.replace(/\r$/, ''));
  const rows = lines.filter((line) => line.trim() !== '');
  const named = separatorNamed(rows[0] ?? '');
  const row = named === null ? rows[0] : rows[1];
  if (row === undefined) return null;
  // `@message` alone has no separator.
  const candidates = named === null ? SEPARATORS : [named, ...SEPARATORS];
  for (const separator of candidates) {
    const header = row.includes(separator) || separator === ',' ? csvHeader(row, separator) : null;
    if (header === null) continue;
    if (header.kind === 'sums') throw sumsError(header.name);
    // A header of text may have tabs between its names, any number of them.
    const mayBeText = separator === '\t' && named === null && header.kind === 'fields';
    return mayBeText && isHeader(row.split(/\s+/)) ? null : { separator };
  }
  return null;
}

function sumsError(name: string): PeepholeError {
  return notFlowLogs(`a table of sums (${name})`, 'export the records themselves.');
}

/** The separator that Excel's own first line names, `sep=;`; null if it is no such line. */
export function separatorNamed(line: string): string | null {
  return /^"?sep=(.)"?$/i.exec(line)?.[1] ?? null;
}
