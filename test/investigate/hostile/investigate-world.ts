import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDbStore } from '../../../src/engine/duckdb/duckdb-store.ts';
import { ingest } from '../../../src/ingest/ingest.ts';
import type { Knocks } from '../../../src/model/knocks/knocks.ts';
import { LocalService } from '../../../src/service/local-service.ts';
import { findFiles } from '../../../src/sources/files/find-files.ts';
import { headerOf, lineOf, lineWithoutFlows, type FlowRecord } from './flow-records.ts';
import type { World } from './world.ts';

let stores = 0;

/** A world, what it logged, and what an investigation made of it. */
export interface Investigated {
  readonly world: World;
  readonly records: readonly FlowRecord[];
  readonly knocks: Knocks;
  readonly service: LocalService;
}

/** Writes the logs of a world below a folder, takes them in, investigates, and hands all of it to `use`. */
export async function investigateWorld<T>(
  world: World,
  folder: string,
  use: (investigated: Investigated) => Promise<T>,
): Promise<T> {
  const name = `world-${++stores}`;
  const records = world.records();
  const { format } = world.shape;
  const lines = [
    headerOf(format),
    ...records.map((record) => lineOf(record, format)),
    ...world.otherRecords().map((record) => lineWithoutFlows(record, format)),
  ];
  await writeFile(join(folder, `${name}.log`), `${lines.join('\n')}\n`);
  const store = await DuckDbStore.open({
    folder: join(folder, name),
    memoryBytes: 256 * 1024 ** 2,
    threads: 1,
  });
  try {
    await ingest(store, await findFiles([`${name}.log`], folder, store.folder), { format: null });
    const service = new LocalService(store);
    return await use({ world, records, knocks: await service.knocks(null), service });
  } finally {
    await store.close();
  }
}
