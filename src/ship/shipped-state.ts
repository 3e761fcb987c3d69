import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { parseVisitFileName } from '../model/visits/visit-file-name.ts';

/** How far a file of visits was shipped, in bytes. */
export interface ShippedFile {
  /** Bytes at the destination. */
  readonly sent: number;
  /** The end of an object that was started: it is sent again unchanged after a crash. Null: none. */
  readonly sending: number | null;
}

/** States by file name. */
export type ShippedFiles = ReadonlyMap<string, ShippedFile>;

interface StateJson {
  readonly destination: string;
  readonly files: Readonly<Record<string, ShippedFile>>;
}

/**
 * Reads the state of a destination; empty if there is no file.
 * Throws `usage` if the file belongs to another destination or is invalid.
 */
export async function readShipped(path: string, destination: string): Promise<ShippedFiles> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new PeepholeError('usage', `${path} can't be read: ${fileProblem(error)}`);
  }
  const state = parsed(text);
  if (state === null)
    throw new PeepholeError(
      'usage',
      `${path} does not say how far visits were shipped. Remove it: all visits are shipped again then, and count once where they are taken in.`,
    );
  if (state.destination !== destination)
    throw new PeepholeError('usage', `${path} is of ${state.destination}. Choose another --state.`);
  return new Map(Object.entries(state.files));
}

/** Writes the file atomically; durable when this resolves. */
export async function writeShipped(path: string, destination: string, files: ShippedFiles): Promise<void> {
  const state: StateJson = { destination, files: Object.fromEntries(files) };
  const draft = `${path}.new`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function parsed(text: string): StateJson | null {
  try {
    const json = JSON.parse(text) as Partial<StateJson> | null;
    if (typeof json?.destination !== 'string' || typeof json.files !== 'object') return null;
    const isPosition = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
    const whole = Object.entries(json.files).every(
      ([name, { sent, sending }]) =>
        parseVisitFileName(name) !== null && isPosition(sent) && (sending === null || isPosition(sending)),
    );
    return whole ? { destination: json.destination, files: json.files } : null;
  } catch {
    return null;
  }
}
