const UNPRINTABLE = /[^\x20-\x5b\x5d-\x7e]/g;

/**
 * Bytes as text in printable ASCII alone, so that neither a terminal nor a page can be harmed by it: `\n`, `\r`, `\t`,
 * `\\`, and `\xHH` for all others.
 *
 * @param max how many bytes are shown
 */
export function printable(bytes: Buffer, max: number): string {
  return escapeLatin1(bytes.toString('latin1', 0, Math.min(max, bytes.length)));
}

/** As `printable`, of a text that has one character a byte. */
export function escapeLatin1(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

function escaped(char: string): string {
  switch (char) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case '\\':
      return '\\\\';
    default:
      return `\\x${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`;
  }
}
