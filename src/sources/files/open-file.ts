import { open } from 'node:fs/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { InputBytes } from '../input.ts';

/** Opens a file to take it in: it stays the same one, whatever happens to its name. Throws `unreadable_input`. */
export async function openFile(path: string): Promise<InputBytes & { readonly kind: 'file' }> {
  try {
    return { kind: 'file', file: await open(path) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PeepholeError('unreadable_input', fileProblem(code) ?? message, {}, { cause: error });
  }
}

/** An error of the operating system as a message for users; null: its own text is enough. */
function fileProblem(code: string | undefined): string | null {
  switch (code) {
    case 'ENOENT':
      return 'The file is gone.';
    case 'EACCES':
    case 'EPERM':
      return 'There is no permission to read the file.';
    default:
      return null;
  }
}
