import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A line of a log file by AWS's field names, as text. For tests: written without any of the simulator's own code. */
export type Line = Readonly<Record<string, string>>;

/** Every log file below a folder, sorted. */
export async function logFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => /\.log\.(gz|parquet)$/.test(name))
    .map((name) => join(folder, name))
    .toSorted();
}

/** Every record of the gzipped text files below a folder. */
export async function readLines(folder: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (const file of await logFiles(folder)) {
    const [header = '', ...rest] = gunzipSync(await readFile(file))
      .toString('latin1')
      .trimEnd()
      .split('\n');
    const names = header.split(' ');
    for (const line of rest) {
      const values = line.split(' ');
      if (values.length !== names.length) throw new Error(`${file}: ${line}`);
      lines.push(Object.fromEntries(names.map((name, i) => [name, values[i] as string])));
    }
  }
  return lines;
}
