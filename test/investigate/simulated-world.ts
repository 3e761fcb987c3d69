import { join } from 'node:path';
import { expect } from 'vitest';
import { ingest } from '../../src/ingest/ingest.ts';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { Finding, Knocks } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { simulate, type SimulationOptions, type Truth } from '../../src/simulate/simulate.ts';
import { findFiles } from '../../src/sources/files/find-files.ts';

/** A simulated company, its logs in a store, and the truth about it. The caller closes it. */
export interface SimulatedWorld {
  readonly truth: Truth;
  readonly logs: string;
  readonly service: LocalService;
  knocks(time?: unknown): Promise<Knocks>;
  close(): Promise<void>;
}

export async function simulatedWorld(
  folder: string,
  options: Omit<SimulationOptions, 'out'>,
): Promise<SimulatedWorld> {
  const logs = join(folder, `logs-${options.seed}`);
  const { truth } = await simulate({ ...options, out: logs });
  const store = await DuckDbStore.open({
    folder: join(folder, `store-${options.seed}`),
    memoryBytes: 512 * 1024 ** 2,
    threads: 2,
  });
  await ingest(store, await findFiles([join(logs, 'AWSLogs')], folder, store.folder), {
    format: null,
  });
  const service = new LocalService(store);
  return {
    truth,
    logs,
    service,
    async knocks(time = null) {
      const knocks = await service.knocks(time);
      for (const { coverage, hourly } of knocks.findings) expectOneCount(coverage, hourly);
      return knocks;
    },
    close: () => store.close(),
  };
}

/** What is said to be unknown is what is drawn so. */
function expectOneCount(coverage: Finding['coverage'], hourly: Finding['hourly']): void {
  expect(hourly.attempts).toHaveLength(coverage.hours);
  expect(new Set(hourly.unknown).size).toBe(coverage.unknown_hours);
  expect(hourly.attempts.every((value, at) => value !== null || hourly.unknown.includes(at))).toBe(true);
}
