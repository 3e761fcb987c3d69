import { join } from 'node:path';
import { ingest } from '../../src/ingest/ingest.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { simulate, type SimulationOptions, type Truth } from '../../src/simulate/simulate.ts';
import { findFiles } from '../../src/sources/files.ts';

/** A simulated company, its logs in a store, and the truth about it. The caller closes it. */
export interface KnownWorld {
  readonly truth: Truth;
  readonly logs: string;
  readonly service: LocalService;
  knocks(time?: unknown): Promise<Knocks>;
  close(): Promise<void>;
}

export async function knownWorld(
  folder: string,
  options: Omit<SimulationOptions, 'out'>,
): Promise<KnownWorld> {
  const logs = join(folder, `logs-${options.seed}`);
  const { truth } = await simulate({ ...options, out: logs });
  const store = await Store.open({
    folder: join(folder, `store-${options.seed}`),
    memoryBytes: 512 * 1024 ** 2,
    threads: 2,
  });
  await ingest(store, await findFiles([join(logs, 'AWSLogs')], folder, store.options.folder), {
    format: null,
  });
  const service = new LocalService(store);
  return {
    truth,
    logs,
    service,
    knocks: (time = null) => service.call('knocks', { time }),
    close: () => store.close(),
  };
}
