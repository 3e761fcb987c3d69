/**
 * A script for `node -e` that appends visits to a file without end, a few bytes at a time, so that a reader or a kill can find
 * an incomplete line.
 *
 * @param line the text of a visit, in which `NUMBER` becomes 1, 2, …
 * @param pause milliseconds after each 20 lines
 */
export const visitWriter = (path: string, line: string, pause: number): string => `
  const { openSync, writeSync } = require('node:fs');
  const file = openSync(${JSON.stringify(path)}, 'a');
  const line = ${JSON.stringify(line)};
  let number = 0;
  const some = () => {
    for (let i = 0; i < 20; i++) {
      const text = line.replace('NUMBER', String(++number));
      for (let at = 0; at < text.length; at += 97) writeSync(file, text.slice(at, at + 97));
    }
    setTimeout(some, ${pause});
  };
  some();
`;
