import type { FlowStore } from './flow-store.ts';

export interface StoreOptions {
  readonly folder: string;
  /** Bytes that the store may use; decoding has its own share beside it. */
  readonly memoryBytes: number;
  readonly threads: number;
  /** Where the database is, if it is a server's. */
  readonly server?: ServerAddress;
}

/** A database server, and who asks it. */
export interface ServerAddress {
  /** http: or https:, with the name of the database as its path. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** By which rows get to it, if they do. */
  readonly kafka?: KafkaAddress;
}

/** Brokers of Kafka, and how they are reached. */
export interface KafkaAddress {
  /** `host:port` of some of them. */
  readonly brokers: readonly string[];
  /** By TLS; certificates and key are PEM. Without a certificate of an authority: what Node trusts. */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** Of the key. */
    readonly passphrase?: string;
  };
  readonly login?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
  /** Properties of Kafka's consumers by which the database reaches the brokers, if others than follow from all this. */
  readonly consumer?: Readonly<Record<string, unknown>>;
}

/** What opens stores of one kind of database. */
export interface StoreDriver {
  /** Whether a folder, or a server, holds a store. Throws what a broken one makes throw. */
  exists(options: Pick<StoreOptions, 'folder' | 'server'>): Promise<boolean>;
  /** Opens a store, or makes one. Throws `StoreInUse` while another process holds it. */
  open(options: StoreOptions): Promise<FlowStore>;
  /**
   * Of databases of a server: makes what a store needs, if it is not there, and returns the statements; with `dryRun` it only
   * returns them.
   */
  setUp?(server: ServerAddress, dryRun: boolean, options?: SetUpOptions): Promise<readonly string[]>;
}

/** What is chosen when a database is set up; absent: as it was chosen before, or by default. */
export interface SetUpOptions {
  /** ClickHouse: the name of the cluster that its tables are to be on. */
  readonly cluster?: string;
  /** Druid: the time that a new segment is of. */
  readonly segments?: SegmentGranularity;
  /** Druid by Kafka: how many partitions the topic of the rows is made with, each of which tasks of its own read. */
  readonly partitions?: number;
  /** Druid: whether a store that is begun has its flows added up by the hour too. */
  readonly rollup?: boolean;
}

/** Hours and days are those of UTC. */
export const segmentGranularities = ['hour', 'day'] as const;
export type SegmentGranularity = (typeof segmentGranularities)[number];

/** Thrown when another process holds the store: talk to it instead. */
export class StoreInUse extends Error {}
