import { spoolStream, type Spooled } from '../files/spool-stream.ts';

/** Reads standard input to its end, into a file. */
export function spoolStdin(): Promise<Spooled> {
  return spoolStream(process.stdin);
}
