import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchData } from './bench-data.ts';
import { measureProcess, type Measured } from './measured-process.ts';

export const program = fileURLToPath(new URL('../bin/peephole.cjs', import.meta.url));
const plainTable = fileURLToPath(new URL('plain-table.ts', import.meta.url));

export interface IngestFigures {
  /** The store and the plain database that hold the large file, for the queries. */
  readonly store: string;
  readonly plain: string;
  readonly recordsPerSecond: number;
  /** Our rate divided by read_csv's, whole processes: above 1 we are faster. */
  readonly ratioOne: number;
  readonly ratioMany: number;
  /** Bytes. */
  readonly peakRss: number;
}

/** How often the small files are taken in by each side; the large file once each, since it is long. */
const ROUNDS = 3;

/** Takes the same files in with `peephole ingest` and with `read_csv` into a plain table, by turns. */
export async function measureIngest(data: BenchData, folder: string, memory: string): Promise<IngestFigures> {
  const ours = (input: string, store: string): Promise<Measured> =>
    measureProcess(process.execPath, [
      program,
      'ingest',
      '--quiet',
      '--json',
      '--memory',
      memory,
      '--store',
      store,
      input,
    ]);
  const theirs = (files: string, database: string): Promise<Measured> =>
    measureProcess(process.execPath, ['--import', 'tsx', plainTable, files, database]);
  const store = join(folder, 'store');
  const plain = join(folder, 'plain.duckdb');
  const one = { ours: await ours(data.one, store), theirs: await theirs(data.one, plain) };
  const many: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const a = await ours(data.many, join(folder, `many-${round}`));
    const b = await theirs(join(data.many, '*.gz'), join(folder, `many-${round}.duckdb`));
    many.push({ ours: a.seconds, theirs: b.seconds });
  }
  return {
    store,
    plain,
    recordsPerSecond: data.flows / one.ours.seconds,
    ratioOne: one.theirs.seconds / one.ours.seconds,
    ratioMany: median(many.map((round) => round.theirs / round.ours)),
    peakRss: one.ours.peakRss,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
