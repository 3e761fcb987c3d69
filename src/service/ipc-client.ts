import { createConnection, type Socket } from 'node:net';
import type { CompactionReport } from '../engine/compaction-report.ts';
import type { SqlResult, SqlRows } from '../engine/engine.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention-request.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { About, AboutMentions } from '../model/about/about.ts';
import type { AccountCoverage } from '../model/account-coverage.ts';
import type {
  DocumentKind,
  DocumentVersion,
  ExpectedVersion,
  ProvidedDocuments,
  StoredDocument,
} from '../model/document/document.ts';
import type { Explanation } from '../model/explain/explanation.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import type { Door } from '../model/visits/door.ts';
import type { DoorPlan } from '../model/visits/door-plan.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import type { Answer } from '../model/query/answer.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import type { SourceStatus } from '../model/source-status.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import { PeepholeError, abortReason, errorCodeOf, throwIfAborted } from '../model/errors.ts';
import type {
  AnswerOptions,
  CallOptions,
  Delivery,
  IngestCallOptions,
  IngestRequest,
  KnocksOptions,
  PutDocument,
  StoreService,
} from './store-service.ts';
import type { AccountNote } from './account-notes.ts';
import type { InventoryReport, InventoryRequest } from './keep-inventory.ts';
import { INVESTIGATION_LIMITS } from './local-service-options.ts';
import { Deadline } from './deadline.ts';
import {
  PROTOCOL,
  readLines,
  writeLine,
  type JsonMethod,
  type IpcReply,
  type IpcRequest,
} from './ipc-protocol.ts';

/** The methods that may wait for an investigation. */
const investigations: ReadonlySet<string> = new Set(['knocks', 'door', 'doorPlan', 'mentions']);

/** No process listens on the socket of the store, or it is ending: the call was not begun, so it may be repeated elsewhere. */
export class OwnerExited extends Error {}

type Result<M extends JsonMethod> = Awaited<ReturnType<StoreService[M]>>;

/** A client of the owner process of a store, through its socket. */
export class IpcClient implements StoreService {
  readonly #path: string;
  readonly #timeLimitMs: number | null;

  /** @param timeLimitMs the time limit of a call in milliseconds; the owner has a limit of its own */
  constructor(path: string, timeLimitMs: number | null) {
    this.#path = path;
    this.#timeLimitMs = timeLimitMs;
  }

  query(query: unknown, options: AnswerOptions = {}): Promise<Answer> {
    return this.#question('query', [query, options.fresh, options.client, options.urgency], options);
  }

  records(request: unknown, options: CallOptions = {}): Promise<RecordsPage> {
    return this.#question('records', [request], options);
  }

  sqlOf(query: unknown, options: CallOptions = {}): Promise<{ readonly sql: string }> {
    return this.#question('sqlOf', [query], options);
  }

  knocks(time: unknown, options: KnocksOptions = {}): Promise<Knocks> {
    return this.#question('knocks', [time, options.fresh, options.settings], options);
  }

  findings(): Promise<readonly KeptFinding[]> {
    return this.#call('findings', []);
  }

  setFindingState(id: string, change: unknown, settings?: unknown): Promise<KeptFinding> {
    return this.#call('setFindingState', [id, change, settings]);
  }

  markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void> {
    return this.#call('markFindingsKnown', [time, ids, settings]);
  }

  documents(kind: DocumentKind): Promise<readonly StoredDocument[]> {
    return this.#call('documents', [kind]);
  }

  document(kind: DocumentKind, id: string, version?: number): Promise<StoredDocument> {
    return this.#call('document', [kind, id, version]);
  }

  documentVersions(kind: DocumentKind, id: string): Promise<readonly DocumentVersion[]> {
    return this.#call('documentVersions', [kind, id]);
  }

  putDocument(
    kind: DocumentKind,
    id: string,
    content: unknown,
    expected: ExpectedVersion,
  ): Promise<PutDocument> {
    return this.#call('putDocument', [kind, id, content, expected]);
  }

  deleteDocument(kind: DocumentKind, id: string, expected: ExpectedVersion): Promise<DocumentVersion> {
    return this.#call('deleteDocument', [kind, id, expected]);
  }

  provideDocuments(provided: ProvidedDocuments | null): Promise<void> {
    return this.#call('provideDocuments', [provided]);
  }

  providedDocuments(): Promise<ProvidedDocuments | null> {
    return this.#call('providedDocuments', []);
  }

  doorPlan(about: string, options: CallOptions = {}): Promise<DoorPlan> {
    return this.#question('doorPlan', [about], options);
  }

  door(request: unknown, options: CallOptions = {}): Promise<Door> {
    return this.#question('door', [request], options);
  }

  about(request: unknown, options: CallOptions = {}): Promise<About> {
    return this.#question('about', [request], options);
  }

  mentions(request: unknown, options: KnocksOptions = {}): Promise<AboutMentions> {
    return this.#question('mentions', [request, options.settings], options);
  }

  explain(request: unknown, options: CallOptions = {}): Promise<Explanation> {
    return this.#question('explain', [request], options);
  }

  coverage(options: CallOptions = {}): Promise<AccountCoverage> {
    return this.#question('coverage', [], options);
  }

  names(): ReturnType<StoreService['names']> {
    return this.#call('names', []);
  }

  places(request: unknown, options: CallOptions = {}): Promise<PlacesAnswer> {
    return this.#call('places', [request], options);
  }

  schema(): Promise<StoreSchema> {
    return this.#call('schema', []);
  }

  status(): Promise<StoreStatus> {
    return this.#call('status', []);
  }

  load(): ReturnType<StoreService['load']> {
    return this.#call('load', []);
  }

  ingest(request: IngestRequest, options: IngestCallOptions = {}): Promise<IngestReport> {
    return this.#call('ingest', [request], options);
  }

  deliver(delivery: Delivery): ReturnType<StoreService['deliver']> {
    return this.#call('deliver', [delivery]);
  }

  sources(): Promise<readonly SourceStatus[]> {
    return this.#call('sources', []);
  }

  setSourcePaused(id: string, paused: boolean): Promise<SourceStatus> {
    return this.#call('setSourcePaused', [id, paused]);
  }

  noteAccount(note: AccountNote): Promise<void> {
    return this.#call('noteAccount', [note]);
  }

  addInventory(request: InventoryRequest): Promise<InventoryReport> {
    return this.#call('addInventory', [request]);
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    return this.#call('retain', [request]);
  }

  compact(): Promise<CompactionReport> {
    return this.#call('compact', []);
  }

  /** Calls within the time limit. */
  #question<M extends JsonMethod>(
    method: M,
    args: readonly unknown[],
    options: CallOptions,
  ): Promise<Result<M>> {
    const limits = investigations.has(method) ? INVESTIGATION_LIMITS : 1;
    return this.#call(method, args, options, this.#timeLimitMs === null ? null : this.#timeLimitMs * limits);
  }

  async #call<M extends JsonMethod>(
    method: M,
    args: readonly unknown[],
    { signal, onProgress, onNotice }: IngestCallOptions = {},
    limitMs: number | null = null,
  ): Promise<Result<M>> {
    const deadline = new Deadline(limitMs, signal);
    try {
      for await (const reply of this.#replies(method, args, deadline.signal)) {
        if (reply.kind === 'progress') onProgress?.(reply.progress);
        if (reply.kind === 'notice') onNotice?.(reply.notice);
        if (reply.kind === 'result') return reply.result as Result<M>;
      }
    } finally {
      deadline.end();
    }
    throw ended();
  }

  async sql(text: string, options: CallOptions = {}): Promise<SqlResult> {
    const deadline = new Deadline(this.#timeLimitMs, options.signal);
    const replies = this.#replies('sql', [text], deadline.signal);
    const end = async (): Promise<void> => {
      deadline.end();
      await replies.return(undefined);
    };
    async function* batches(): AsyncGenerator<SqlRows> {
      try {
        for (;;) {
          const { value: reply } = await replies.next();
          if (reply?.kind === 'end') return;
          if (reply?.kind !== 'rows') throw ended();
          deadline.pause();
          yield reply.rows;
          deadline.restart();
        }
      } finally {
        await end();
      }
    }
    try {
      const { value: first } = await replies.next();
      if (first?.kind !== 'columns') throw ended();
      return { columns: first.columns, batches: batches(), close: end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /**
   * The replies of the owner; throws its errors. Closes the connection at the end. An ingest that is aborted is waited for: it
   * finishes what it has in hand, and says what it did.
   */
  async *#replies(
    method: IpcRequest['method'],
    args: readonly unknown[],
    signal: AbortSignal,
  ): AsyncGenerator<Exclude<IpcReply, { kind: 'error' }>, undefined> {
    const socket = await this.#connect();
    const waits = method === 'ingest';
    const abort = (): void => {
      if (waits) void writeLine(socket, { stop: true }).catch(() => undefined);
      else socket.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      throwIfAborted(signal);
      await writeLine(socket, { protocol: PROTOCOL, method, args });
      for await (const line of readLines(socket)) {
        const reply = JSON.parse(line) as IpcReply;
        if (reply.kind === 'error') {
          if (reply.details['begun'] === false) throw new OwnerExited();
          throw new PeepholeError(errorCodeOf(reply.code), reply.message, reply.details);
        }
        yield reply;
      }
    } catch (error) {
      if (signal.aborted && !waits) throw abortReason(signal);
      throw error instanceof PeepholeError || error instanceof OwnerExited ? error : ended(error);
    } finally {
      signal.removeEventListener('abort', abort);
      socket.destroy();
    }
    if (signal.aborted) throw abortReason(signal);
    return undefined;
  }

  /** Whether a process listens. */
  async reachable(): Promise<boolean> {
    try {
      (await this.#connect()).destroy();
      return true;
    } catch {
      return false;
    }
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path, () => resolve(socket));
      socket.once('error', (error) => reject(new OwnerExited('', { cause: error })));
    });
  }
}

function ended(cause?: unknown): PeepholeError {
  return new PeepholeError(
    'owner_exited',
    'The process that holds the store ended before it answered. Nothing is lost; run it again.',
    {},
    { cause },
  );
}
