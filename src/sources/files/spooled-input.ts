import { stat } from 'node:fs/promises';
import { safeText } from '../../model/safe-text.ts';
import type { Input } from '../input.ts';
import { openFile } from './open-file.ts';

/** A file that somebody sent, as it was spooled. */
export interface SpooledFile {
  /** What the sender calls it: told to people, never a path of this machine. */
  readonly name: string;
  readonly path: string;
}

const PREFIX = 'upload:';
const MOST_CHARACTERS = 500;

/** A file that somebody sent, as an input: its name is told as `upload:NAME`. */
export async function spooledInput({ name, path }: SpooledFile): Promise<Input> {
  const { size } = await stat(path);
  return {
    name: PREFIX + safeText([...name].slice(0, MOST_CHARACTERS).join('')),
    size,
    tag: null,
    time: null,
    discovered: false,
    open: () => openFile(path),
  };
}
