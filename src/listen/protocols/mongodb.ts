import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

const QUERY = 2004;
const COMPRESSED = 2012;
const MESSAGE = 2013;
const HEADER = 16;
const LARGEST = 48_000_000;

/** MongoDB by the header of its messages (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/). */
export const parseMongodb: Parser = (bytes) => {
  if (bytes.length < HEADER) return null;
  const length = bytes.readUInt32LE(0);
  const code = bytes.readUInt32LE(12);
  // It answers nothing; nmap says that with -1.
  const answerTo = bytes.readInt32LE(8);
  if (length < HEADER || length > LARGEST || (answerTo !== 0 && answerTo !== -1)) return null;
  if (code === COMPRESSED) return { kind: 'mongodb' };
  // Flags, then: a collection and two numbers, or the kind of the first section; then a document.
  const document =
    code === MESSAGE ? HEADER + 5 : code === QUERY ? endOfText(bytes, HEADER + 4) + 1 + 8 : null;
  if (document === null) return null;
  // The command is the name of the document's first element: after its length and a type.
  const name = document + 5;
  const command = printable(bytes.subarray(name, endOfText(bytes, name)), 64);
  return { kind: 'mongodb', ...(command === '' ? {} : { details: { command } }) };
};

function endOfText(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  return end < 0 ? bytes.length : end;
}
