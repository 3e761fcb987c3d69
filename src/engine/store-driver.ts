import type { FlowStore } from './flow-store.ts';

export interface StoreOptions {
  readonly folder: string;
  /** Bytes that the store may use; decoding has its own share beside it. */
  readonly memoryBytes: number;
  readonly threads: number;
}

/** What opens stores of one kind of database. */
export interface StoreDriver {
  /** Whether a folder holds a store. Throws what a broken one makes throw. */
  exists(folder: string): Promise<boolean>;
  /** Opens a store, or makes one. Throws `StoreInUse` while another process holds it. */
  open(options: StoreOptions): Promise<FlowStore>;
}

/** Thrown when another process holds the store: talk to it instead. */
export class StoreInUse extends Error {}
