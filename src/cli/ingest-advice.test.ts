import { expect, test } from 'vitest';
import { decodeAll } from '../decode/fixtures/decode-all.ts';
import { adviceFor } from './ingest-advice.ts';

/** In AWS's default format, so that no header is needed. */
const USUAL = '2 123456789010 eni-1 192.0.2.1 198.51.100.7 20000 443 6 1 100 1700000000 1700000060 ACCEPT OK';
const HEADER = 'version srcaddr dstaddr srcport dstport protocol start end action log-status';
const GOOD = '2 192.0.2.1 198.51.100.7 20000 443 6 1700000000 1700000060 ACCEPT OK';
const CSV = 'srcaddr,dstaddr,dstport,start,end,action';
const ROW = '192.0.2.1,198.51.100.7,443,1700000000,1700000060,ACCEPT';

/** The advice for a log whose only line is invalid. */
async function adviceOn(...lines: readonly string[]): Promise<string | null> {
  const { quarantined } = await decodeAll(`${lines.join('\n')}\n`);
  expect(quarantined).toHaveLength(1);
  const [line] = quarantined;
  return adviceFor(line?.reason ?? '', line?.text ?? '');
}

test.each([
  ['a line that is cut', [HEADER, GOOD, GOOD.slice(0, 30)], /The line is cut/],
  ['a line with a hole of NUL bytes', [HEADER, GOOD, GOOD.replace('443', '4\0\0')], /The file was damaged/],
  [
    'times in milliseconds',
    [HEADER, GOOD, GOOD.replace('1700000000', '1700000000000')],
    /convert them to seconds/,
  ],
  ['a value of another field', [HEADER, GOOD, GOOD.replace('192.0.2.1', 'ACCEPT')], /another field/],
  ['a cell of another column', [CSV, ROW, ROW.replace('192.0.2.1', 'ACCEPT')], /another column/],
  ['a row with a separator too many', [CSV, ROW, `${ROW},1`], /needs quotes/],
])('%s', async (_, lines, advice) => {
  expect(await adviceOn(...lines)).toMatch(advice);
});

test('advises to add a header to a table without one', async () => {
  expect(await adviceOn(USUAL, ROW)).toMatch(/^Put a first row/);
});

test('gives no advice if only the producer of the log could change something', () => {
  expect(adviceFor('the line has a secret in it', 'a;b;c')).toBeNull();
});
