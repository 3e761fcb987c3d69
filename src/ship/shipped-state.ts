import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import { parseVisitFileName } from '../model/visits/visit-file-name.ts';

/** How far a file of visits was shipped, in bytes from its beginning. */
export interface ShippedFile {
  /** Up to here it is at the destination. */
  readonly sent: number;
  /** Up to here the object reaches that was begun: sent again as it was after a crash. Null: none was. */
  readonly sending: number | null;
}

/** By the name of the file. */
export type ShippedFiles = ReadonlyMap<string, ShippedFile>;

interface StateJson {
  readonly destination: string;
  readonly files: Readonly<Record<string, ShippedFile>>;
}

/**
 * Reads what was shipped to a destination; nothing where there is no such file.
 * Throws `usage` where it is of another destination, or none that was written here.
 */
export async function readShipped(path: string, destination: string): Promise<ShippedFiles> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new PeepholeError('usage', `${path} can't be read: ${(error as Error).message}`);
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

/** Writes it: all at once, and on the disk when this ends. */
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
