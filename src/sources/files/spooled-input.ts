import { stat } from 'node:fs/promises';
import { safeText } from '../../model/safe-text.ts';
import type { Input } from '../input.ts';
import { openFile } from './open-file.ts';

/** A file that somebody sent, as it was spooled. */
export interface SpooledFile {
  /** The name that the sender gave; shown to people, never used as a path on this machine. */
  readonly name: string;
  readonly path: string;
}

const PREFIX = 'upload:';
const MOST_CHARACTERS = 500;

/** An uploaded file as an input, named `upload:NAME`. */
export async function spooledInput({ name, path }: SpooledFile): Promise<Input> {
  const { size } = await stat(path);
  return {
    name: PREFIX + safeText([...name].slice(0, MOST_CHARACTERS).join('')),
    size,
    tag: null,
    time: null,
    discovered: false,
    path,
    open: () => openFile(path),
  };
}
