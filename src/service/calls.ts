import type { SqlResult } from '../engine/engine.ts';
import type { CompactionReport } from '../engine/compaction.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import type { IngestProgress, IngestReport } from '../ingest/report.ts';
import type { Explanation } from '../model/explain/explain.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Answer } from '../model/query/answer.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import type { InventoryReport, InventoryRequest } from './inventory.ts';
import type { StoreSchema } from '../model/store-schema.ts';

/** What can be asked of a store in one go: plain JSON in, plain JSON out, so that it can cross a socket. */
export interface Calls {
  readonly query: {
    readonly params: {
      readonly query: unknown;
      /** Work it out anew, whatever is remembered. */
      readonly fresh?: boolean;
    };
    readonly result: Answer;
  };
  readonly records: {
    readonly params: { readonly request: unknown };
    readonly result: RecordsPage;
  };
  /** The investigation; `time` is the time of a query. */
  readonly knocks: {
    readonly params: {
      readonly time: unknown;
      readonly fresh?: boolean;
    };
    readonly result: Knocks;
  };
  /** The SELECT over the view `flows` that says the same as a query. */
  readonly explain_query: {
    readonly params: { readonly query: unknown };
    readonly result: { readonly sql: string };
  };
  /** What makes some flows differ from others (docs/explain.md). */
  readonly explain: {
    readonly params: { readonly request: unknown };
    readonly result: Explanation;
  };
  /** Keeps what an inventory says of addresses. */
  readonly inventory_add: { readonly params: InventoryRequest; readonly result: InventoryReport };
  /** The addresses that have a name in the inventory, with the one they have now. */
  readonly names: {
    readonly params: NoParams;
    readonly result: { readonly names: readonly (readonly [address: string, name: string])[] };
  };
  /** Where addresses are and who runs their networks (`places.ts`). */
  readonly places: { readonly params: { readonly request: unknown }; readonly result: PlacesAnswer };
  readonly schema: { readonly params: NoParams; readonly result: StoreSchema };
  readonly status: { readonly params: NoParams; readonly result: StoreStatus };
  /** How many questions are being worked on, and how many wait for that. */
  readonly load: {
    readonly params: NoParams;
    readonly result: { readonly at_work: number; readonly waiting: number };
  };
  readonly ingest: { readonly params: IngestRequest; readonly result: IngestReport };
  readonly compact: { readonly params: NoParams; readonly result: CompactionReport };
  readonly retain: { readonly params: RetentionRequest; readonly result: RetentionReport };
}

/** `{}` */
type NoParams = Readonly<Record<string, never>>;

interface IngestRequest {
  readonly names: readonly string[];
  /** The folder that relative names are below. */
  readonly cwd: string;
  readonly format: string | null;
}

export interface CallOptions {
  /** Aborting it cancels the work, wherever it runs. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Who asks: where many do, they take turns. */
  readonly client?: string;
}

export type Method = keyof Calls;

/** Calls that only read, and that somebody waits for: a time limit holds for them. */
export const questions: ReadonlySet<Method> = new Set([
  'query',
  'records',
  'knocks',
  'explain',
  'explain_query',
]);

/** A store to ask, in this process or in the one that holds it. Errors are PeepholeErrors. */
export interface StoreService {
  call<M extends Method>(
    method: M,
    params: Calls[M]['params'],
    options?: CallOptions,
  ): Promise<Calls[M]['result']>;
  /** Runs one SELECT over the views `flows`, `coverage` and `quarantine`; its rows come as they are worked out. */
  sql(text: string, options?: CallOptions): Promise<SqlResult>;
}
