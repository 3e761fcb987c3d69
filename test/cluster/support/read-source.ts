import { join } from 'node:path';
import { expect } from 'vitest';
import { DuckDbStore } from '../../../src/engine/duckdb/duckdb-store.ts';
import { MessageWriter } from '../../../src/ingest/messages/message-writer.ts';
import type { IngestReport } from '../../../src/model/ingest-report.ts';
import { SourceIngest } from '../../../src/ingest/source-ingest.ts';
import { FollowedSource, type RunStatus } from '../../../src/service/followed-source.ts';
import { openSource } from '../../../src/sources/open-source.ts';
import { noSourceOptions, type SourceOptions } from '../../../src/sources/source.ts';
import { sqlRows } from '../../support/sql-rows.ts';

export interface SourceToRead {
  /** Below which the store is made. */
  readonly folder: string;
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly options?: Partial<SourceOptions>;
}

/** A source that is read into a store of its own, within this process. Close it. */
export interface ReadSource {
  /** Reads it once; gives what came of all so far. Throws what reading throws. */
  once(): Promise<IngestReport>;
  /** Follows it, again after failures, until `stop`. */
  follow(): void;
  /** Ends the following, as Ctrl-C does; throws what it threw. */
  stop(): Promise<void>;
  status(): RunStatus;
  report(): IngestReport;
  /** Rows of a statement's answer. */
  sql(statement: string): Promise<readonly (readonly unknown[])[]>;
  /** Waits until there are so many flows, and no more. */
  untilFlows(count: number): Promise<void>;
  close(): Promise<void>;
}

let stores = 0;

export async function readSource({
  folder,
  name,
  environment,
  options = {},
}: SourceToRead): Promise<ReadSource> {
  const source = await openSource({ name, options: { ...noSourceOptions, ...options }, environment });
  const store = await DuckDbStore.open({
    folder: join(folder, `store-${++stores}`),
    memoryBytes: 256 * 1024 * 1024,
    threads: 1,
  });
  const stopping = new AbortController();
  const sink = new SourceIngest(store, new MessageWriter(store), { source: source.id, format: null });
  const following = new FollowedSource(source, sink, { follow: true, mustStart: false, firstWait: 50 });
  let run: Promise<void> | null = null;
  let fault: unknown = null;
  const sql = async (statement: string): Promise<readonly (readonly unknown[])[]> =>
    sqlRows(await store.sql(statement));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await run;
    if (fault !== null) throw fault;
  };
  return {
    async once() {
      const { signal } = stopping;
      await source.read({ sink, follow: false, signal, note: () => undefined });
      return sink.report;
    },
    follow() {
      run = following.run(stopping.signal).catch((error: unknown) => {
        fault = error;
      });
    },
    stop,
    status: () => following.status,
    report: () => sink.report,
    sql,
    async untilFlows(count) {
      await expect
        .poll(async () => fault ?? Number((await sql('SELECT count(*) FROM flows'))[0]?.[0]), {
          timeout: 60_000,
        })
        .toBe(count);
    },
    async close() {
      stopping.abort();
      await run;
      await store.close();
    },
  };
}
