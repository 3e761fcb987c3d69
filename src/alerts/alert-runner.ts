import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertStatus } from '../model/alert/alert-state.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Stretch } from '../model/store-schema.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import { advanceState, disableAlert, type AlertRecord, type Failure } from './advance-state.ts';
import { recordOf } from './alert-book.ts';
import { messageOf } from './alert-message.ts';
import { statusesOf } from './alert-statuses.ts';
import type { Channel } from './channels/channel.ts';
import { dueLooks } from './due-looks.ts';
import { evaluateCondition, type AlertData, type Evaluation } from './evaluate-condition.ts';
import { KeptBook } from './kept-book.ts';
import { iso, logCoverage, type LogCoverage } from './log-coverage.ts';
import { MessageDelivery, outgoing } from './message-delivery.ts';
import { messageOfError } from './message-of-error.ts';
import { sharedQueries } from './shared-queries.ts';

/** Milliseconds between looks for what is due. */
const LOOK_EVERY = 5_000;
/** Alerts that are looked at together, at most: they share queries, and what they are in then is written once. */
const MOST_TOGETHER = 250;

/** What alerts are evaluated with. */
interface AlertSource extends AlertData {
  documents(kind: 'alerts'): Promise<readonly StoredDocument[]>;
  status(): Promise<{
    readonly range: { readonly from: string; readonly to: string } | null;
    readonly gaps: readonly Stretch[];
    readonly lossy: readonly Stretch[];
  }>;
}

export interface AlertRunnerOptions {
  readonly source: AlertSource;
  /** Of the store: states are kept there. */
  readonly folder: string;
  /** Where messages can go, at the moment: the configuration may change. */
  readonly channels: () => readonly Channel[];
  /** Where people reach the page at the moment, for the links of messages. */
  readonly url: () => string;
  /** Says what went wrong outside any alert. */
  readonly warn: (message: string) => void;
  /** Takes what only one process of a store may hold; null: another one holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/**
 * Looks at the alerts of a store when they are due, keeps what they are in, and sends messages. Messages are kept
 * with the state that they come from, in one write, before they are sent: after a kill they are sent, at worst a second time
 * with the same key. One process at a time may have one for a store.
 */
export class AlertRunner {
  readonly #options: AlertRunnerOptions;
  readonly #book: KeptBook;
  readonly #delivery: MessageDelivery;

  constructor(options: AlertRunnerOptions) {
    this.#options = options;
    this.#book = new KeptBook(options);
    this.#delivery = new MessageDelivery(this.#book, options.channels);
  }

  /** Begins to look at the alerts, with what was kept: false if another process does. Throws `store_damaged`. */
  begin(): Promise<boolean> {
    return this.#book.open();
  }

  /** Lets another process go on. */
  end(): Promise<void> {
    return this.#book.close();
  }

  /** Looks and sends until the signal is aborted, as soon as no other process does; what is in hand is finished. */
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
        every(ifMine((now) => this.look(now))),
        every(ifMine((now) => this.deliver(now, signal))),
      ]);
    } finally {
      await this.end();
    }
  }

  /** Looks at every alert that is due at `now` (milliseconds since 1970). */
  async look(now: number): Promise<void> {
    const documents = await this.#alerts();
    const seconds = Math.floor(now / 1000);
    const enabled = documents.filter(({ content }) => content.enabled);
    const due = enabled
      .map(({ id, content }) => {
        const record = recordOf(this.#book.current, id, content);
        return { id, content, record, looks: dueLooks(content, record.evaluatedTo, seconds) };
      })
      .filter(({ looks }) => looks.length > 0);
    if (due.length > 0) {
      const coverage = logCoverage(await this.#options.source.status());
      // What was missed first, so that each look knows the state that the one before it left.
      const most = Math.max(...due.map(({ looks }) => looks.length));
      for (let ahead = most; ahead > 0; ahead--) {
        const together = due.flatMap(({ id, content, looks }) => {
          const at = looks.at(-ahead);
          return at === undefined ? [] : [{ id, content, at }];
        });
        for (let at = 0; at < together.length; at += MOST_TOGETHER)
          await this.#lookAt(together.slice(at, at + MOST_TOGETHER), coverage, now);
      }
    }
    await this.#tidy(documents, now);
  }

  /** Forgets alerts that are there no more. Of those that are disabled only silences and history stay; what fired is over. */
  async #tidy(documents: readonly StoredDocument<'alerts'>[], now: number): Promise<void> {
    const enabled = new Map(documents.map(({ id, content }) => [id, content.enabled]));
    const contents = new Map(documents.map(({ id, content }) => [id, content]));
    const at = Math.floor(now / 1000);
    const kept = Object.entries(this.#book.current.alerts);
    const stale = kept.some(
      ([id, record]) =>
        enabled.get(id) !== true && (enabled.get(id) === undefined || record.evaluatedTo !== null),
    );
    if (!stale) return;
    await this.#book.change((book) => {
      const outbox = [...book.outbox];
      const alerts = Object.entries(book.alerts).flatMap(([id, record]) => {
        const content = contents.get(id);
        if (content === undefined) return [];
        if (content.enabled || record.evaluatedTo === null) return [[id, record] as const];
        const { after, changes } = disableAlert(content, record, at);
        const about = { from: at, to: at, query: null };
        for (const change of changes)
          outbox.push(...outgoing(content, messageOf(id, content, change, at, about, 0, this.#pageUrl), now));
        return [[id, { ...after, condition: record.condition }] as const];
      });
      return { alerts: Object.fromEntries(alerts), outbox };
    });
  }

  /** Looks at alerts that are asked and kept together. */
  async #lookAt(
    looks: readonly { readonly id: string; readonly content: AlertContent; readonly at: number }[],
    coverage: LogCoverage,
    now: number,
  ): Promise<void> {
    const { source } = this.#options;
    const query = sharedQueries((each) => source.query(each));
    const data: AlertData = {
      query,
      knocks: (time) => source.knocks(time),
      sources: () => source.sources(),
    };
    const outcomes = await Promise.all(
      looks.map(async ({ id, content, at }) => {
        const { series } = recordOf(this.#book.current, id, content);
        const active = new Set(series.map(({ key }) => key));
        return { id, content, at, outcome: await evaluate(content, data, { at, coverage, active }) };
      }),
    );
    // Not of the records from before: they may have been acknowledged meanwhile.
    await this.#book.change((book) => {
      const alerts = { ...book.alerts };
      const outbox = [...book.outbox];
      for (const { id, content, at, outcome } of outcomes) {
        const { after, changes } = advanceState(content, recordOf(book, id, content), at, outcome);
        const firing = after.series.filter(({ state }) => state === 'firing').length;
        for (const change of changes) {
          const message = messageOf(id, content, change, at, outcome.about, firing, this.#pageUrl);
          outbox.push(...outgoing(content, message, now));
        }
        alerts[id] = { ...after, condition: JSON.stringify(content.condition) };
      }
      return { alerts, outbox };
    });
  }

  /** Sends what is due at `now`. */
  deliver(now: number, signal = new AbortController().signal): Promise<void> {
    return this.#delivery.deliver(now, signal);
  }

  /** Sends a test message. Throws `not_found`, and `output_failed` with the reason if it is not taken. */
  test(name: string): Promise<void> {
    return this.#delivery.test(name, this.#pageUrl);
  }

  get #pageUrl(): string {
    return this.#options.url().replace(/\/+$/, '');
  }

  /** Where messages can go. */
  channels(): readonly { readonly name: string; readonly kind: Channel['kind'] }[] {
    return this.#options.channels().map(({ name, kind }) => ({ name, kind }));
  }

  /** What all alerts are in, by id. */
  async statuses(): Promise<readonly AlertStatus[]> {
    return statusesOf(await this.#alerts(), await this.#book.read());
  }

  /** Keeps that somebody looks after a series that holds: no more messages about it. Throws `not_found`. */
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

  /** No messages about an alert (key null), or about one series of it, until a moment. Throws `not_found`. */
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
    this.#book.mustBeOpen();
    const alert = (await this.#alerts()).find((each) => each.id === id);
    if (alert === undefined) throw new PeepholeError('not_found', `There is no alert ${id}.`);
    await this.#book.changeRecord(id, alert.content, change);
  }

  async #alerts(): Promise<readonly StoredDocument<'alerts'>[]> {
    return (await this.#options.source.documents('alerts')) as readonly StoredDocument<'alerts'>[];
  }
}

/** Looks, and makes a state of its own of what fails. */
async function evaluate(
  alert: AlertContent,
  data: AlertData,
  look: Parameters<typeof evaluateCondition>[2],
): Promise<Evaluation | Failure> {
  try {
    return await evaluateCondition(alert.condition, data, look);
  } catch (error) {
    return {
      kind: 'error',
      reason: messageOfError(error),
      about: { from: look.at, to: look.at, query: null },
    };
  }
}
