import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file in the place of what is there, as a whole or not at all, also if the process is killed or the power fails;
 * resolves once it is durable. The folder must be there. Throws what the system says.
 */
export async function writeWholeFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** So that a file's new name outlasts a loss of power. Not every system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
