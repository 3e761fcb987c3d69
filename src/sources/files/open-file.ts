import { open } from 'node:fs/promises';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import type { InputBytes } from '../input.ts';

/** Opens a file to take it in: it stays the same one, whatever happens to its name. Throws `unreadable_input`. */
export async function openFile(path: string): Promise<InputBytes & { readonly kind: 'file' }> {
  try {
    return { kind: 'file', file: await open(path) };
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = gone ? 'The file is gone.' : `The file can't be read: ${fileProblem(error)}`;
    throw new PeepholeError('unreadable_input', message, {}, { cause: error });
  }
}
