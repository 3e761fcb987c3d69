const QUOTE = '"';

/**
 * The fields of one CSV row (RFC 4180: quotes around a field, doubled inside it), without its line
 * end. Null if something follows a closing quote.
 */
export function csvFields(row: string): string[] | null {
  if (!row.includes(QUOTE)) return row.split(',');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    if (row[at] === QUOTE) {
      end = closingQuote(row, at);
      fields.push(row.slice(at + 1, end).replaceAll('""', QUOTE));
      end += 1;
      if (end < row.length && row[end] !== ',') return null;
    } else {
      const comma = row.indexOf(',', at);
      end = comma < 0 ? row.length : comma;
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
