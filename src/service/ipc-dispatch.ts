import type { RetentionRequest } from '../engine/retention-request.ts';
import type { DocumentKind, ExpectedVersion, ProvidedDocuments } from '../model/document/document.ts';
import type { Urgency } from '../model/query/urgency.ts';
import { PeepholeError } from '../model/errors.ts';
import type { AccountNote } from './account-notes.ts';
import type { InventoryRequest } from './keep-inventory.ts';
import type { Delivery, IngestCallOptions, IngestRequest, StoreService } from './store-service.ts';
import type { JsonMethod } from './ipc-protocol.ts';

type Call = (service: StoreService, args: readonly unknown[], options: IngestCallOptions) => Promise<unknown>;

/** How each method is called with a received request; it comes from the same program of the same user, so nothing is restricted. */
const calls: Readonly<Record<JsonMethod, Call>> = {
  query: (service, [query, fresh, client, urgency], options) =>
    service.query(query, {
      ...options,
      fresh: fresh === true,
      ...(typeof client === 'string' ? { client } : {}),
      ...(urgency === undefined || urgency === null ? {} : { urgency: urgency as Urgency }),
    }),
  records: (service, [request], options) => service.records(request, options),
  sqlOf: (service, [query], options) => service.sqlOf(query, options),
  knocks: (service, [time, fresh, settings], options) =>
    service.knocks(time, { ...options, fresh: fresh === true, settings }),
  findings: (service) => service.findings(),
  setFindingState: (service, [id, change, settings]) => service.setFindingState(String(id), change, settings),
  markFindingsKnown: (service, [time, ids, settings]) =>
    service.markFindingsKnown(time, ids as readonly string[], settings),
  documents: (service, [kind]) => service.documents(kind as DocumentKind),
  document: (service, [kind, id, version]) =>
    service.document(kind as DocumentKind, String(id), (version ?? undefined) as number | undefined),
  documentVersions: (service, [kind, id]) => service.documentVersions(kind as DocumentKind, String(id)),
  putDocument: (service, [kind, id, content, expected]) =>
    service.putDocument(kind as DocumentKind, String(id), content, expected as ExpectedVersion),
  deleteDocument: (service, [kind, id, expected]) =>
    service.deleteDocument(kind as DocumentKind, String(id), expected as ExpectedVersion),
  provideDocuments: (service, [provided]) => service.provideDocuments(provided as ProvidedDocuments | null),
  providedDocuments: (service) => service.providedDocuments(),
  doorPlan: (service, [about], options) => service.doorPlan(String(about), options),
  door: (service, [request], options) => service.door(request, options),
  explain: (service, [request], options) => service.explain(request, options),
  about: (service, [request], options) => service.about(request, options),
  mentions: (service, [request, settings], options) => service.mentions(request, { ...options, settings }),
  coverage: (service, _args, options) => service.coverage(options),
  names: (service) => service.names(),
  places: (service, [request], options) => service.places(request, options),
  schema: (service) => service.schema(),
  status: (service) => service.status(),
  load: (service) => service.load(),
  ingest: (service, [request], options) => service.ingest(request as IngestRequest, options),
  deliver: (service, [delivery]) => service.deliver(delivery as Delivery),
  sources: (service) => service.sources(),
  setSourcePaused: (service, [id, paused]) => service.setSourcePaused(String(id), paused === true),
  noteAccount: (service, [note]) => service.noteAccount(note as AccountNote),
  addInventory: (service, [request]) => service.addInventory(request as InventoryRequest),
  retain: (service, [request]) => service.retain(request as RetentionRequest),
  compact: (service) => service.compact(),
};

/** Executes a call from another process. Throws `store_busy` for a method that this version does not have. */
export async function dispatchCall(
  service: StoreService,
  method: JsonMethod,
  args: readonly unknown[],
  options: IngestCallOptions,
): Promise<unknown> {
  if (!Object.hasOwn(calls, method))
    throw new PeepholeError(
      'store_busy',
      'Another version of Peephole asks something that this one does not know.',
    );
  return calls[method](service, args, options);
}
