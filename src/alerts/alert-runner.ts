import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertStatus } from '../model/alert/alert-state.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Stretch } from '../model/store-schema.ts';
import {
  advanceState,
  disableAlert,
  newRecord,
  stateOf,
  type AlertRecord,
  type Failure,
} from './advance-state.ts';
import { emptyBook, readBook, writeBook, type AlertBook, type OutgoingMessage } from './alert-book.ts';
import { messageOf, type AlertMessage } from './alert-message.ts';
import type { Channel } from './channels/channel.ts';
import { sendMessage } from './channels/send-message.ts';
import { dueLooks } from './due-looks.ts';
import type { ProcessLock } from '../process-lock.ts';
import { evaluateCondition, type AlertData, type Evaluation } from './evaluate-condition.ts';
import { sharedQueries } from './shared-queries.ts';
import { iso, logCoverage, type LogCoverage } from './log-coverage.ts';

/** Milliseconds between looks for what is due, and the waits after failures to send: 10 s, 20 s, …, a quarter of an hour. */
const LOOK_EVERY = 5_000;
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 900_000;
/** Alerts that are looked at together, at most: they share queries, and what they are in then is written once. */
const MOST_TOGETHER = 250;
/** Milliseconds after which a message that could not be sent is given up. */
const GIVE_UP_AFTER = 3 * 86_400_000;

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
 * Looks at the alerts of a store when they are due, keeps what they are in, and sends messages. What is to be told is kept
 * with the state that it comes from, in one write, before it is sent: after a kill it is sent, at worst a second time with
 * the same key. One process at a time may have one for a store.
 */
export class AlertRunner {
  readonly #options: AlertRunnerOptions;
  #book: AlertBook = emptyBook;
  /** Null: another process looks at the alerts. */
  #lock: ProcessLock | null = null;
  /** Changes of the book are made and written one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AlertRunnerOptions) {
    this.#options = options;
  }

  /** Begins to look at the alerts, with what was kept: false if another process does. Throws `store_damaged`. */
  async begin(): Promise<boolean> {
    if (this.#lock !== null) return true;
    const lock = await this.#options.takeLock();
    if (lock === null) return false;
    try {
      this.#book = await readBook(this.#options.folder);
      this.#lock = lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
    return true;
  }

  /** Lets another process go on. */
  async end(): Promise<void> {
    await this.#last;
    await this.#lock?.release();
    this.#lock = null;
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
        const record = recordOf(this.#book, id, content);
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
    const kept = Object.entries(this.#book.alerts);
    const stale = kept.some(
      ([id, record]) =>
        enabled.get(id) !== true && (enabled.get(id) === undefined || record.evaluatedTo !== null),
    );
    if (!stale) return;
    await this.#change((book) => {
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
        const { series } = recordOf(this.#book, id, content);
        const active = new Set(series.map(({ key }) => key));
        return { id, content, at, outcome: await evaluate(content, data, { at, coverage, active }) };
      }),
    );
    // Not of the records from before: they may have been acknowledged meanwhile.
    await this.#change((book) => {
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

  /** Sends what is due at `now`. Those of one channel go in their order; a channel that fails holds up no other. */
  async deliver(now: number, signal = new AbortController().signal): Promise<void> {
    const byChannel = new Map<string, OutgoingMessage[]>();
    for (const each of this.#book.outbox)
      byChannel.set(each.channel, [...(byChannel.get(each.channel) ?? []), each]);
    await Promise.all(
      [...byChannel].map(async ([name, messages]) => {
        for (const outgoing of messages) {
          if (outgoing.next > now || signal.aborted) return;
          const error = await this.#send(name, outgoing.message, signal);
          // Nobody knows whether it arrived: it is sent again, with the same key.
          if (signal.aborted && error !== null) return;
          await this.#change((book) => ({ ...book, outbox: after(book.outbox, outgoing, error, now) }));
          if (error !== null) return;
        }
      }),
    );
  }

  /** Sends a message that says that it is a test. Throws `not_found`, and `output_failed` with the reason if it is not taken. */
  async test(name: string): Promise<void> {
    if (this.#channel(name) === undefined)
      throw new PeepholeError('not_found', `There is no channel ${name}.`);
    const at = iso(Math.floor(Date.now() / 1000));
    const error = await this.#send(name, {
      alert: { id: 'test', name: 'Test of a channel' },
      state: 'test',
      value: null,
      threshold: null,
      at,
      from: at,
      to: at,
      query: null,
      link: `${this.#pageUrl}/alerts`,
      rows: [],
      row_count: 0,
      firing: 0,
      note: 'Peephole can send to this channel.',
      key: `test/${randomUUID()}`,
    });
    if (error !== null)
      throw new PeepholeError('output_failed', `Channel ${name} did not take the message: ${error}.`);
  }

  /** Null: it was taken. */
  async #send(
    name: string,
    message: AlertMessage,
    signal = new AbortController().signal,
  ): Promise<string | null> {
    const channel = this.#channel(name);
    if (channel === undefined) return 'the configuration has no channel of that name';
    try {
      await sendMessage(channel, message, signal);
      return null;
    } catch (error) {
      return messageOfError(error);
    }
  }

  get #pageUrl(): string {
    return this.#options.url().replace(/\/+$/, '');
  }

  #channel(name: string): Channel | undefined {
    return this.#options.channels().find((channel) => channel.name === name);
  }

  channels(): readonly { readonly name: string; readonly kind: Channel['kind'] }[] {
    return this.#options.channels().map(({ name, kind }) => ({ name, kind }));
  }

  /** What all alerts are in, by id. */
  async statuses(): Promise<readonly AlertStatus[]> {
    const book = this.#lock === null ? await readBook(this.#options.folder) : this.#book;
    return statusesOf(await this.#alerts(), book);
  }

  /** Keeps that somebody looks after a series that holds: no more is told of it. Throws `not_found`. */
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

  /** Tells nothing of an alert (key null), or of one series of it, until a moment. Throws `not_found`. */
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
    if (this.#lock === null)
      throw new PeepholeError(
        'store_busy',
        'Another process looks at the alerts of this store: ask that one.',
      );
    const alert = (await this.#alerts()).find((each) => each.id === id);
    if (alert === undefined) throw new PeepholeError('not_found', `There is no alert ${id}.`);
    const { content } = alert;
    await this.#change((book) => ({
      ...book,
      alerts: {
        ...book.alerts,
        [id]: { ...change(recordOf(book, id, content)), condition: JSON.stringify(content.condition) },
      },
    }));
  }

  #change(change: (book: AlertBook) => AlertBook): Promise<void> {
    const work = this.#last.then(async () => {
      const next = change(this.#book);
      await writeBook(this.#options.folder, next);
      this.#book = next;
    });
    this.#last = work.catch(() => undefined);
    return work;
  }

  async #alerts(): Promise<readonly StoredDocument<'alerts'>[]> {
    return (await this.#options.source.documents('alerts')) as readonly StoredDocument<'alerts'>[];
  }
}

/** What alerts are in, by what is kept of them. */
export function statusesOf(
  documents: readonly StoredDocument<'alerts'>[],
  book: AlertBook,
): readonly AlertStatus[] {
  return documents.map(({ id, content }) => {
    const kept = recordOf(book, id, content);
    const record = content.enabled ? kept : { ...kept, evaluatedTo: null, trouble: null, series: [] };
    return {
      id,
      name: content.name,
      enabled: content.enabled,
      state: stateOf(record),
      reason: record.trouble?.reason ?? null,
      evaluated_to: record.evaluatedTo === null ? null : iso(record.evaluatedTo),
      series: record.series,
      silences: record.silences,
      history: record.history,
      waiting: book.outbox
        .filter(({ message }) => message.alert.id === id)
        .map(({ channel, since, error }) => ({ channel, since: new Date(since).toISOString(), error })),
    };
  });
}

/** A message to each channel of an alert. */
function outgoing(alert: AlertContent, message: AlertMessage, now: number): readonly OutgoingMessage[] {
  return alert.channels.map((channel) => ({
    channel,
    message,
    since: now,
    next: now,
    attempts: 0,
    error: null,
  }));
}

/** What is kept of an alert. One whose condition was changed begins again: its series are not those of before. */
function recordOf(book: AlertBook, id: string, alert: AlertContent): AlertRecord {
  const kept = book.alerts[id];
  if (kept === undefined) return newRecord;
  const { condition, ...record } = kept;
  if (condition === JSON.stringify(alert.condition)) return record;
  return { ...newRecord, silences: record.silences, history: record.history };
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

function after(
  outbox: readonly OutgoingMessage[],
  sent: OutgoingMessage,
  error: string | null,
  now: number,
): readonly OutgoingMessage[] {
  const same = (each: OutgoingMessage): boolean =>
    each.channel === sent.channel && each.message.key === sent.message.key;
  if (error === null || now - sent.since > GIVE_UP_AFTER) return outbox.filter((each) => !same(each));
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, sent.attempts));
  return outbox.map((each) =>
    same(each) ? { ...each, error, attempts: each.attempts + 1, next: now + wait } : each,
  );
}

/** Why something failed; what fetch says is in the cause. */
function messageOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
