import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertStatus } from '../model/alert/alert-state.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Stretch } from '../model/store-schema.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import { advanceState, disableAlert, type Failure } from './advance-state.ts';
import { affectedWindows, followsEarlier, openWith } from './affected-windows.ts';
import type { AlertRecord } from './alert-record.ts';
import { keptAlert, recordOf, type KeptAlert } from './alert-records.ts';
import { messageOf } from './alert-message.ts';
import { statusesOf } from './alert-statuses.ts';
import type { Channel } from './channels/channel.ts';
import { dueEvaluations, missedBefore } from './due-evaluations.ts';
import { evaluationRounds, type EvaluationRound, type PlannedAlert } from './evaluation-rounds.ts';
import { EvaluationRetries } from './evaluation-retries.ts';
import { secondsOf } from './condition-seconds.ts';
import { aboutWindow } from './about-window.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import type { AlertData, Evaluation } from './evaluation.ts';
import { LateArrivals } from './late-arrivals.ts';
import { MOST_OPEN, planWindows } from './late-windows.ts';
import { LockedRecords } from './locked-records.ts';
import { iso, logCoverage, type LogCoverage } from './log-coverage.ts';
import { MessageDelivery, outgoing } from './message-delivery.ts';
import { messageOfError } from './message-of-error.ts';
import { lostWindows } from './lost-windows.ts';
import { recordLost } from './record-lost.ts';
import { activeAt } from './series-step.ts';
import { sharedQueries } from './shared-queries.ts';
import { holdingAt } from './window-timeline.ts';

/** Milliseconds between checks for due evaluations. */
const LOOK_EVERY = 5_000;
/** How many alerts are evaluated together at most: they share queries, and their states are written at once. */
const MOST_TOGETHER = 250;

/** What the evaluation of alerts needs. */
interface AlertSource extends AlertData {
  documents(kind: 'alerts'): Promise<readonly StoredDocument[]>;
  status(): Promise<{
    readonly range: { readonly from: string; readonly to: string } | null;
    readonly newest: string | null;
    readonly gaps: readonly Stretch[];
    readonly lossy: readonly Stretch[];
    /** Counts commits; absent: nobody knows. */
    readonly revision?: number;
  }>;
}

export interface AlertRunnerOptions {
  readonly source: AlertSource;
  /** The folder of the store, where states are stored. */
  readonly folder: string;
  /** The current channels; the configuration may change. */
  readonly channels: () => readonly Channel[];
  /** The current URL of the page, for links in messages. */
  readonly url: () => string;
  /** Reports errors that belong to no alert. */
  readonly warn: (message: string) => void;
  /** Takes the lock for alerts of this store; null: another process holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/**
 * Evaluates the alerts of a store when they are due, stores their states, and sends messages. Messages are written
 * together with the states that cause them before they are sent: after a kill they are sent, at worst a second time with
 * the same key. Only one process at a time may run one for a store.
 */
export class AlertRunner {
  readonly #options: AlertRunnerOptions;
  readonly #records: LockedRecords;
  readonly #delivery: MessageDelivery;
  readonly #retries = new EvaluationRetries();
  readonly #arrivals: LateArrivals;

  constructor(options: AlertRunnerOptions) {
    this.#options = options;
    this.#records = new LockedRecords(options);
    this.#delivery = new MessageDelivery(this.#records, options.channels);
    this.#arrivals = new LateArrivals(options.source, options.folder);
  }

  /** Takes the lock and reads the stored states: false if another process has the lock. Throws `store_damaged`. */
  begin(): Promise<boolean> {
    return this.#records.open();
  }

  /** Releases the lock. */
  end(): Promise<void> {
    return this.#records.close();
  }

  /** Evaluates and sends until the signal is aborted, once it has the lock; work in progress is finished. */
  async run(signal: AbortSignal): Promise<void> {
    const every = async (work: () => Promise<void>): Promise<void> => {
      while (!signal.aborted) {
        await work().catch((error: unknown) => this.#options.warn(`Alerts: ${messageOfError(error)}`));
        await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
      }
    };
    const ifMine = (work: (now: number) => Promise<void>) => async (): Promise<void> => {
      if (await this.begin()) await work(Date.now());
    };
    try {
      await Promise.all([
        every(ifMine((now) => this.evaluateDue(now, 'queries'))),
        every(ifMine((now) => this.evaluateDue(now, 'investigations'))),
        every(ifMine((now) => this.deliver(now, signal))),
      ]);
    } finally {
      await this.end();
    }
  }

  /**
   * Evaluates every alert that is due at `now` (milliseconds since 1970), and windows that waited for their logs. An
   * investigation may take minutes: the alerts that need one hold up no others.
   */
  async evaluateDue(now: number, which: 'queries' | 'investigations' | 'all' = 'all'): Promise<void> {
    const documents = await this.#alerts();
    const needsOne = ({ content }: (typeof documents)[number]): boolean =>
      content.condition.kind === 'finding';
    const queried = documents.filter((each) => !needsOne(each));
    await this.#tidy(documents, now);
    const queries = async (): Promise<void> => {
      // The others must not wait for it.
      await this.#findLate(queried, now).catch((error: unknown) =>
        this.#options.warn(`Alerts: late logs were not looked for: ${messageOfError(error)}`),
      );
      await this.#evaluateAll(queried, now);
    };
    await Promise.all([
      which === 'investigations' ? null : queries(),
      which === 'queries' ? null : this.#evaluateAll(documents.filter(needsOne), now),
    ]);
  }

  /** Evaluates, and windows again that follow from others. */
  async #evaluateAll(documents: readonly StoredDocument<'alerts'>[], now: number): Promise<void> {
    for (let times = 0; times < MOST_OPEN; times++) if (!(await this.#evaluate(documents, now))) return;
  }

  /** Windows that flows were added to since they were evaluated wait to be evaluated again. */
  async #findLate(documents: readonly StoredDocument<'alerts'>[], now: number): Promise<void> {
    if (documents.length === 0 || !this.#arrivals.isDue(now)) return;
    const status = await this.#options.source.status();
    const arrivals = await this.#arrivals.look(logCoverage(status), status.revision, now);
    const late = documents.flatMap(({ id, content }) => {
      const { timeline } = recordOf(this.#records.current, id, content);
      if (!content.enabled || timeline === undefined || timeline.step !== secondsOf(content.every)) return [];
      const ends = affectedWindows(content.condition, timeline, arrivals);
      return ends.length === 0 ? [] : [{ id, content, ends }];
    });
    if (late.length > 0)
      await this.#records.change((records) => {
        const alerts = { ...records.alerts };
        for (const { id, content, ends } of late) {
          const record = recordOf(records, id, content);
          const open = openWith(record.open ?? [], ends, Math.floor(now / 1000));
          alerts[id] = keptAlert({ ...record, open }, content);
        }
        return { ...records, alerts };
      });
    await this.#arrivals.keep();
  }

  /** Whether there are windows to evaluate again at once. */
  async #evaluate(documents: readonly StoredDocument<'alerts'>[], now: number): Promise<boolean> {
    const seconds = Math.floor(now / 1000);
    const planned = documents
      .filter(({ id, content }) => content.enabled && this.#retries.isDue(id, now))
      .map(({ id, content }) => {
        const record = recordOf(this.#records.current, id, content);
        return { id, content, record, due: dueEvaluations(content, record.evaluatedTo, seconds) };
      })
      .filter(({ due, record }) => due.length > 0 || (record.open ?? []).length > 0);
    if (planned.length === 0) return false;
    const coverage = logCoverage(await this.#options.source.status());
    const plans = planned.map(({ id, content, record, due }) => {
      const waiting = record.open ?? [];
      const plan = planWindows(content, waiting, due, record.dataTo ?? null, coverage, seconds);
      return {
        id,
        content,
        waiting,
        due,
        plan,
        lost: lostWindows(missedBefore(content, record.evaluatedTo, due), plan.lost),
      };
    });
    await this.#keepWaiting(plans);
    const data = this.#sharedData();
    let again = false;
    const more = new Map<string, readonly number[]>();
    for (const round of evaluationRounds(plans, MOST_TOGETHER))
      again = (await this.#evaluateTogether(round, data, coverage, now, more)) || again;
    return again;
  }

  /** Stores since when windows that wait have their logs, where nothing is evaluated that would be stored with it. */
  async #keepWaiting(plans: readonly PlannedAlert[]): Promise<void> {
    const changed = plans.filter(
      ({ plan, waiting, lost }) =>
        lost !== null ||
        (plan.evaluate.length === 0 && JSON.stringify(plan.open) !== JSON.stringify(waiting)),
    );
    if (changed.length === 0) return;
    await this.#records.change((records) => {
      const alerts = { ...records.alerts };
      for (const { id, content, due, plan, lost } of changed) {
        const record = recordLost(recordOf(records, id, content), lost);
        const waits = plan.evaluate.length === 0;
        alerts[id] = keptAlert(
          waits ? { ...record, evaluatedTo: due.at(-1) ?? record.evaluatedTo, open: plan.open } : record,
          content,
        );
      }
      return { ...records, alerts };
    });
  }

  /** Forgets deleted alerts. Disabled and changed ones keep only silences and history; nothing fires any more. */
  async #tidy(documents: readonly StoredDocument<'alerts'>[], now: number): Promise<void> {
    const contents = new Map(documents.map(({ id, content }) => [id, content]));
    const at = Math.floor(now / 1000);
    const isStale = ([id, { evaluatedTo, condition }]: readonly [string, KeptAlert]): boolean => {
      const content = contents.get(id);
      if (content === undefined) return true;
      if (evaluatedTo === null) return false;
      return !content.enabled || condition !== JSON.stringify(content.condition);
    };
    if (!Object.entries(this.#records.current.alerts).some(isStale)) return;
    await this.#records.change((records) => {
      const outbox = [...records.outbox];
      const alerts = Object.entries(records.alerts).flatMap(([id, record]) => {
        if (!isStale([id, record])) return [[id, record] as const];
        const content = contents.get(id);
        // The series that fire belong to the earlier condition.
        const known = record.content ?? content;
        if (known === undefined) return [];
        const reason = content === undefined ? 'The alert was deleted.' : content.enabled ? 'The condition of the alert was changed.' : 'The alert was disabled.'; // prettier-ignore
        const { after, changes } = disableAlert(known, { ...record, open: [] }, at, reason);
        const about = { from: at, to: at, query: null };
        for (const change of changes)
          outbox.push(...outgoing(known, messageOf(id, known, change, about, 0, this.#pageUrl), now));
        return content === undefined ? [] : [[id, keptAlert(after, content)] as const];
      });
      return { alerts: Object.fromEntries(alerts), outbox };
    });
  }

  /** What is read once for all alerts that are evaluated at a time. */
  #sharedData(): Omit<AlertData, 'query'> {
    const { source } = this.#options;
    let knocks: ReturnType<AlertData['knocks']> | undefined;
    return { knocks: (time) => (knocks ??= source.knocks(time)), sources: () => source.sources() };
  }

  /** Evaluates alerts that share queries and one write. After an error the later windows of an alert wait. */
  async #evaluateTogether(
    round: EvaluationRound,
    shared: Omit<AlertData, 'query'>,
    coverage: LogCoverage,
    now: number,
    more: Map<string, readonly number[]>,
  ): Promise<boolean> {
    const { source } = this.#options;
    const data: AlertData = { ...shared, query: sharedQueries((each) => source.query(each)) };
    const outcomes = await Promise.all(
      round
        .filter(({ id }) => this.#retries.isDue(id, now))
        .map(async (each) => {
          const { id, content, at } = each;
          const active = activeAt(content, recordOf(this.#records.current, id, content), at);
          return { ...each, outcome: await evaluate(content, data, { at, coverage, active }) };
        }),
    );
    let again = false;
    // Not from the earlier records: they may have been acknowledged meanwhile.
    await this.#records.change((records) => {
      const alerts = { ...records.alerts };
      const outbox = [...records.outbox];
      for (const { id, content, at, dueTo, openAfter, outcome } of outcomes) {
        const before = recordOf(records, id, content);
        const { after, changes } = advanceState(content, before, at, outcome);
        const firing = after.series.filter(({ state }) => state === 'firing').length;
        for (const change of changes) {
          const about = aboutWindow(content.condition, outcome.about, at, change.firedAt ?? at);
          const message = messageOf(id, content, change, about, firing, this.#pageUrl);
          outbox.push(...outgoing(content, message, now));
        }
        if (followsEarlier(content) && outcome.kind === 'known' && changesNext(before, after, at))
          more.set(id, [...(more.get(id) ?? []), at + secondsOf(content.every)]);
        // Windows that were evaluated meanwhile no longer wait.
        const next = (more.get(id) ?? []).filter((end) => end !== at);
        more.set(id, next);
        again ||= next.length > 0;
        const open = openWith(openAfter(outcome.kind === 'error'), next, 0);
        alerts[id] = keptAlert({ ...after, evaluatedTo: Math.max(dueTo, after.evaluatedTo ?? dueTo), open }, content); // prettier-ignore
      }
      return { alerts, outbox };
    });
    for (const { id, outcome } of outcomes)
      if (outcome.kind === 'error') this.#retries.failed(id, now);
      else this.#retries.succeeded(id);
    return again;
  }

  /** Sends the messages that are due at `now`. */
  deliver(now: number, signal = new AbortController().signal): Promise<void> {
    return this.#delivery.deliver(now, signal);
  }

  /** Sends a test message. Throws `not_found`, and `output_failed` with the reason if it is refused. */
  test(name: string): Promise<void> {
    return this.#delivery.test(name, this.#pageUrl);
  }

  get #pageUrl(): string {
    return this.#options.url().replace(/\/+$/, '');
  }

  /** The configured channels. */
  channels(): readonly { readonly name: string; readonly kind: Channel['kind'] }[] {
    return this.#options.channels().map(({ name, kind }) => ({ name, kind }));
  }

  /** The states of all alerts, by id. */
  async statuses(): Promise<readonly AlertStatus[]> {
    return statusesOf(await this.#alerts(), await this.#records.read());
  }

  /** Acknowledges a firing series: no more messages about it. Throws `not_found`. */
  acknowledge(id: string, key: string, note: string, now: number): Promise<void> {
    return this.#changeRecord(id, (record) => {
      if (!record.series.some((series) => series.key === key))
        throw new PeepholeError('not_found', 'That series of the alert is ok by now.');
      const acknowledged = { at: iso(Math.floor(now / 1000)), note };
      return {
        ...record,
        series: record.series.map((series) => (series.key === key ? { ...series, acknowledged } : series)),
      };
    });
  }

  /** Silences an alert (key null), or one of its series, until a time. Throws `not_found`. */
  silence(id: string, key: string | null, until: string, reason: string): Promise<void> {
    const silence = { id: randomUUID(), key, until, reason };
    return this.#changeRecord(id, (record) => ({ ...record, silences: [...record.silences, silence] }));
  }

  /** Ends a silence. Throws `not_found`. */
  endSilence(id: string, silence: string): Promise<void> {
    return this.#changeRecord(id, (record) => {
      const silences = record.silences.filter((each) => each.id !== silence);
      if (silences.length === record.silences.length)
        throw new PeepholeError('not_found', 'There is no such silence.');
      return { ...record, silences };
    });
  }

  async #changeRecord(id: string, change: (record: AlertRecord) => AlertRecord): Promise<void> {
    this.#records.mustBeOpen();
    const alert = (await this.#alerts()).find((each) => each.id === id);
    if (alert === undefined) throw new PeepholeError('not_found', `There is no alert ${id}.`);
    await this.#records.changeRecord(id, alert.content, change);
  }

  async #alerts(): Promise<readonly StoredDocument<'alerts'>[]> {
    return (await this.#options.source.documents('alerts')) as readonly StoredDocument<'alerts'>[];
  }
}

/** Whether an evaluation again of a window changes what the next one is to be evaluated with. */
function changesNext(before: AlertRecord, after: AlertRecord, at: number): boolean {
  if (before.timeline === undefined || after.timeline === undefined || at >= before.timeline.to) return false;
  return holdingAt(before.timeline, at).toSorted().join() !== holdingAt(after.timeline, at).toSorted().join();
}

/** Evaluates; errors become a state of the alert. */
async function evaluate(
  alert: AlertContent,
  data: AlertData,
  context: Parameters<typeof evaluateCondition>[2],
): Promise<Evaluation | Failure> {
  try {
    return await evaluateCondition(alert.condition, data, context);
  } catch (error) {
    return {
      kind: 'error',
      reason: messageOfError(error),
      about: { from: context.at, to: context.at, query: null },
    };
  }
}
