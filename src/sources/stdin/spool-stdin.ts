import { removeStaleSpools } from '../files/spool-folder.ts';
import { spoolStream, type Spooled } from '../files/spool-stream.ts';

/** Reads standard input to its end, into a file. */
export async function spoolStdin(): Promise<Spooled> {
  await removeStaleSpools();
  return spoolStream(process.stdin);
}
