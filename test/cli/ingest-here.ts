import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import type { Finished } from '../support/cli.ts';
import { runHere, type HereOptions } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

type Ingested = Finished & { readonly report: IngestReport };

interface IngestHere {
  /** Below a folder that the test file's end takes away. */
  path(name: string): string;
  /** Writes a file, and gives its path. */
  put(name: string, content: string | Uint8Array): Promise<string>;
  /** The folder of a store that is not there yet. */
  newStore(): string;
  /** Ingests files in this process. */
  ingest(store: string, ...inputs: readonly string[]): Promise<Ingested>;
  ingestWith(options: HereOptions, store: string, ...inputs: readonly string[]): Promise<Ingested>;
}

/** Files and stores of a test file about `peephole ingest`. */
export function useIngestHere(): IngestHere {
  const folder = useTempFolder();
  const path = (name: string): string => join(folder.path, name);
  const ingestWith: IngestHere['ingestWith'] = async (options, store, ...inputs) => {
    const finished = await runHere(['ingest', '--store', store, '--json', ...inputs], options);
    const report = JSON.parse(finished.stdout.trim().split('\n').at(-1) ?? '') as IngestReport;
    return { ...finished, report };
  };
  return {
    path,
    newStore: () => path(`store-${randomUUID()}`),
    put: async (name, content) => {
      await mkdir(join(path(name), '..'), { recursive: true });
      await writeFile(path(name), content);
      return path(name);
    },
    ingest: (store, ...inputs) => ingestWith({}, store, ...inputs),
    ingestWith,
  };
}
