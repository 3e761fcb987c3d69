const QUOTE = '"';

/**
 * The fields of one CSV row (RFC 4180: quotes around a field, doubled inside it), without its line
 * end, parted by commas or another separator. Null if something follows a closing quote.
 */
export function csvFields(row: string, separator = ','): string[] | null {
  if (!row.includes(QUOTE)) return row.split(separator);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    if (row[at] === QUOTE) {
      end = closingQuote(row, at);
      fields.push(row.slice(at + 1, end).replaceAll('""', QUOTE));
      end += 1;
      if (end < row.length && row[end] !== separator) return null;
    } else {
      const next = row.indexOf(separator, at);
      end = next < 0 ? row.length : next;
      fields.push(row.slice(at, end));
    }
    if (end >= row.length) return fields;
    at = end + 1;
  }
}

function closingQuote(row: string, open: number): number {
  let at = open + 1;
  while (at < row.length) {
    if (row[at] !== QUOTE) at += 1;
    else if (row[at + 1] === QUOTE) at += 2;
    else return at;
  }
  return row.length;
}
