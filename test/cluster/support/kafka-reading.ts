import { join } from 'node:path';
import { DuckDbStore } from '../../../src/engine/duckdb/duckdb-store.ts';
import { MessageWriter } from '../../../src/ingest/messages/message-writer.ts';
import { SourceIngest } from '../../../src/ingest/source-ingest.ts';
import { openSource } from '../../../src/sources/open-source.ts';
import {
  noSourceOptions,
  type Source,
  type SourceProgress,
  type SourceSink,
} from '../../../src/sources/source.ts';
import { sqlRows } from '../../support/sql-rows.ts';
import type { Kafka } from '../servers/kafka.ts';

/** Opens a topic as a source. Without an environment: in the clear. */
export function kafkaSource(
  kafka: Kafka,
  topic: string,
  group: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Source> {
  return openSource({
    name: `kafka:${topic}`,
    options: { ...noSourceOptions, group },
    environment: { KAFKA_BROKERS: kafka.brokers.PLAINTEXT, ...environment },
  });
}

/** A reading that goes on until it is stopped. */
export interface Following {
  readonly progress: SourceProgress;
  /** Resolves once it has ended; rejects with what it threw. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A store with a sink of a source. */
export class ReadingStore {
  readonly store: DuckDbStore;
  readonly sink: SourceIngest;

  private constructor(store: DuckDbStore, source: string) {
    this.store = store;
    this.sink = new SourceIngest(store, new MessageWriter(store), { source, format: null });
  }

  static async open(parent: string, topic: string): Promise<ReadingStore> {
    const folder = join(parent, `store-of-${topic}`);
    const store = await DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
    return new ReadingStore(store, `kafka:${topic}`);
  }

  /** Reads up to the end as it is now. */
  readOnce(source: Source, sink: SourceSink = this.sink): Promise<void> {
    return source.read({ sink, follow: false, signal: new AbortController().signal, note: () => undefined });
  }

  follow(source: Source, sink: SourceSink = this.sink): Following {
    const controller = new AbortController();
    let progress: SourceProgress = {};
    const ended = source.read({
      sink,
      follow: true,
      signal: controller.signal,
      note: (more) => {
        progress = { ...progress, ...more };
      },
    });
    ended.catch(() => undefined);
    return {
      get progress() {
        return progress;
      },
      ended,
      stop() {
        controller.abort();
        return ended;
      },
    };
  }

  /** The source ports of the flows, in their order. */
  async ports(): Promise<readonly number[]> {
    const rows = await sqlRows(await this.store.sql('SELECT srcport FROM flows ORDER BY srcport'));
    return rows.map(([port]) => Number(port));
  }

  async flows(): Promise<number> {
    const [row] = await sqlRows(await this.store.sql('SELECT count(*) FROM flows'));
    return Number(row?.[0]);
  }

  /** What was set aside: the message's name, and its text. */
  async quarantine(): Promise<readonly (readonly [string, string])[]> {
    const rows = await sqlRows(
      await this.store.sql('SELECT input, text FROM quarantine ORDER BY input, text'),
    );
    return rows.map(([input, text]) => [String(input), String(text)]);
  }

  async positions(): Promise<Readonly<Record<string, string>>> {
    const { topic: _topic, ...positions } = Object.fromEntries(await this.sink.positions());
    return positions;
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
