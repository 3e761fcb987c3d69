import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { addReports, emptyReport } from '../../model/add-reports.ts';
import type { IngestReport } from '../../model/ingest-report.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { SourceNotice } from '../../model/source-notice.ts';
import { ACCOUNT, type FoundAccount, type SourceOfAccount, warningsOf } from './find-account.ts';

/** Minutes between two looks at which flow logs there are, unless PEEPHOLE_ACCOUNT_MINUTES says otherwise. */
const LOOK_EVERY = 10;

/** The result of a search. */
interface AccountLook {
  /** Names of all sources that were found so far. */
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
}

export interface AccountFollowing {
  /** Looks which sources there are now. */
  readonly find: () => Promise<FoundAccount>;
  /** Follows sources until the signal is aborted. */
  readonly follow: (sources: readonly SourceOfAccount[], signal: AbortSignal) => Promise<IngestReport>;
  /** Follows what is to be followed beside the account. */
  readonly followOthers: (signal: AbortSignal) => Promise<IngestReport>;
  /** Whether an account that refuses, or has no flow logs yet, is asked again for ever; else that is an error. */
  readonly keepTrying: boolean;
  readonly signal: AbortSignal;
  /** Called with what the first look found, before it is followed. */
  readonly onFirst: (found: FoundAccount) => Promise<void>;
  /** Called with sources that a later look found. */
  readonly onMore: (sources: readonly SourceOfAccount[]) => void;
  /** Called when looks begin to fail, which are made again, and when they work again. */
  readonly onNotice: (notice: SourceNotice) => void;
  /** Called after each look, with nothing wrong at the end. */
  readonly onLook: (look: AccountLook) => Promise<void>;
  /** Milliseconds between two searches. */
  readonly every: number;
  /** Waits, or until the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Follows all sources of an account until the signal is aborted, those of flow logs that are made meanwhile included. What
 * flow logs that are deleted wrote to is followed on: more of it may still come.
 *
 * @throws PeepholeError what following threw, or the first look unless `keepTrying`; the other sources end then
 */
export async function followAccount(following: AccountFollowing): Promise<IngestReport> {
  const { find, follow, followOthers, keepTrying, signal, onFirst, onMore, onNotice, onLook } = following;
  const { every, wait = pause } = following;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  setMaxListeners(0, stop);
  const known = new Set<string>();
  const running: Promise<IngestReport>[] = [];
  const start = (work: Promise<IngestReport>): void => {
    const guarded = work.catch((error: unknown) => {
      failed.abort();
      throw error;
    });
    // Until all are waited for.
    guarded.catch(() => undefined);
    running.push(guarded);
  };
  const look = async (): Promise<readonly string[]> => {
    const found = await find();
    const warnings = warningsOf(found.flowLogs);
    const fresh = found.sources.filter(({ name }) => !known.has(name));
    if (stop.aborted || fresh.length === 0) return warnings;
    if (known.size === 0) await onFirst(found);
    else onMore(fresh);
    for (const { name } of fresh) known.add(name);
    start(follow(fresh, stop));
    return warnings;
  };
  start(followOthers(stop));
  let failing = false;
  while (!stop.aborted) {
    let warnings: readonly string[];
    try {
      warnings = await look();
      if (failing) onNotice({ kind: 'working', source: ACCOUNT });
      failing = false;
    } catch (error) {
      if (!(error instanceof PeepholeError) || (!keepTrying && known.size === 0)) {
        start(Promise.reject(error));
        break;
      }
      if (!failing) onNotice({ kind: 'failing', source: ACCOUNT, reason: error.message });
      failing = true;
      warnings = [error.message];
    }
    await onLook({ sources: [...known], warnings });
    await wait(every, stop);
  }
  await onLook({ sources: [...known], warnings: [] });
  const outcomes = await Promise.allSettled(running);
  let report = emptyReport();
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
    report = addReports(report, outcome.value);
  }
  return report;
}

/** How often an account is looked at, in milliseconds. Throws `usage` for a variable that is no number of minutes. */
export function searchInterval(environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment['PEEPHOLE_ACCOUNT_MINUTES'] ?? '';
  const minutes = text === '' ? LOOK_EVERY : Number(text);
  if (!Number.isFinite(minutes) || minutes <= 0)
    throw new PeepholeError('usage', `PEEPHOLE_ACCOUNT_MINUTES is “${text}”: it must be a number above 0.`);
  return minutes * 60_000;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
