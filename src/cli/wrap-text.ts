/** A text in lines as wide as the terminal (40 to 110 characters), with `first` before the first and `rest` before the others. */
export function wrap(text: string, first: string, rest = first): readonly string[] {
  const width = Math.max(40, Math.min(process.stdout.columns ?? 100, 110)) - 4;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => `${index === 0 ? first : rest}${one}`);
}
