import { randomUUID } from 'node:crypto';
import { addReports } from '../../model/add-reports.ts';
import type { IngestReport } from '../../model/ingest-report.ts';
import type { StoreService } from '../../service/store-service.ts';
import type { Messages } from '../messages.ts';
import { printSourceNotice } from '../source-notices.ts';
import {
  findAccount,
  importAccountInventory,
  reportFound,
  type AccountToRead,
  type SourceOfAccount,
} from './find-account.ts';
import { followAccount, searchInterval } from './follow-account.ts';
import { ingestEach } from './ingest-each.ts';

export interface AccountReading {
  readonly service: StoreService;
  readonly account: AccountToRead;
  readonly messages: Messages;
  /** Reads sources, once or for as long as they have more. */
  readonly ingest: (sources: readonly SourceOfAccount[], signal: AbortSignal) => Promise<IngestReport>;
  /** Reads what is to be read beside the account. */
  readonly ingestOthers: (signal: AbortSignal) => Promise<IngestReport>;
  readonly signal: AbortSignal;
}

/** Reads all flow logs of an account once, with its inventory. Throws as `findAccount`, `ingestEach`, and what ingesting throws. */
export async function readAccountOnce(reading: AccountReading): Promise<IngestReport> {
  const { service, account, messages, ingest, ingestOthers, signal } = reading;
  const found = await findAccount(account, false);
  reportFound(found, account, messages);
  await importAccountInventory(service, account, found.flowLogs, messages);
  const report = await ingestOthers(signal);
  // One source after the other, since some may refuse.
  return addReports(report, await ingestEach(found.sources, (source) => ingest([source], signal)));
}

/** Follows all flow logs of an account, those that are made later included. Throws as `followAccount`. */
export function followWholeAccount(
  { service, account, messages, ingest, ingestOthers, signal }: AccountReading,
  keepTrying: boolean,
): Promise<IngestReport> {
  const id = randomUUID();
  const every = searchInterval();
  return followAccount({
    find: () => findAccount(account, true),
    follow: ingest,
    followOthers: ingestOthers,
    keepTrying,
    signal,
    async onFirst(found) {
      reportFound(found, account, messages);
      await importAccountInventory(service, account, found.flowLogs, messages);
    },
    onMore: (sources) => messages.say(`New in the account: ${sources.map(({ name }) => name).join(', ')}`),
    onNotice: (notice) => printSourceNotice(notice, messages),
    async onLook(look) {
      // A store that is gone says so to what is followed.
      await service.noteAccount({ id, every, ...look }).catch(() => undefined);
    },
    every,
  });
}
