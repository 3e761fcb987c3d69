import { randomUUID } from 'node:crypto';
import type { AlertContent } from '../model/alert/alert.ts';
import { PeepholeError } from '../model/errors.ts';
import type { OutgoingMessage } from './alert-records.ts';
import type { AlertMessage } from './alert-message.ts';
import type { Channel } from './channels/channel.ts';
import { sendMessage } from './channels/send-message.ts';
import type { LockedRecords } from './locked-records.ts';
import { iso } from './log-coverage.ts';
import { messageOfError } from './message-of-error.ts';

/** Milliseconds between retries: 10 s, 20 s, …, 15 minutes. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 900_000;
/** Milliseconds after which a message that could not be sent is given up. */
const GIVE_UP_AFTER = 3 * 86_400_000;

/** Sends the queued messages, and stores the results. */
export class MessageDelivery {
  readonly #records: LockedRecords;
  readonly #channels: () => readonly Channel[];

  /** @param channels the current channels; the configuration may change */
  constructor(records: LockedRecords, channels: () => readonly Channel[]) {
    this.#records = records;
    this.#channels = channels;
  }

  /** Sends the messages that are due at `now`. Those of one channel go in order; a failing channel does not delay others. */
  async deliver(now: number, signal: AbortSignal): Promise<void> {
    const byChannel = new Map<string, OutgoingMessage[]>();
    for (const each of this.#records.current.outbox)
      byChannel.set(each.channel, [...(byChannel.get(each.channel) ?? []), each]);
    await Promise.all(
      [...byChannel].map(async ([name, messages]) => {
        for (const message of messages) {
          if (message.next > now || signal.aborted) return;
          const error = await this.#send(name, message.message, signal);
          // It is unknown whether it arrived: it is sent again, with the same key.
          if (signal.aborted && error !== null) return;
          await this.#records.change((records) => ({
            ...records,
            outbox: after(records.outbox, message, error, now),
          }));
          if (error !== null) return;
        }
      }),
    );
  }

  /**
   * Sends a test message. Throws `not_found`, and `output_failed` with the reason if it is refused.
   */
  async test(name: string, pageUrl: string): Promise<void> {
    if (this.#channel(name) === undefined)
      throw new PeepholeError('not_found', `There is no channel ${name}.`);
    const at = iso(Math.floor(Date.now() / 1000));
    const message: AlertMessage = {
      alert: { id: 'test', name: 'Test of a channel' },
      state: 'test',
      value: null,
      threshold: null,
      at,
      from: at,
      to: at,
      query: null,
      link: `${pageUrl}/alerts`,
      rows: [],
      row_count: 0,
      firing: 0,
      resolves: false,
      note: 'Peephole can send to this channel.',
      key: `test/${randomUUID()}`,
    };
    const error = await this.#send(name, message, new AbortController().signal);
    if (error !== null)
      throw new PeepholeError('output_failed', `Channel ${name} did not take the message: ${error}.`);
  }

  /** Null: it was accepted. */
  async #send(name: string, message: AlertMessage, signal: AbortSignal): Promise<string | null> {
    const channel = this.#channel(name);
    if (channel === undefined) return 'the configuration has no channel of that name';
    try {
      await sendMessage(channel, message, signal);
      return null;
    } catch (error) {
      return messageOfError(error);
    }
  }

  #channel(name: string): Channel | undefined {
    return this.#channels().find((channel) => channel.name === name);
  }
}

/** A message to each channel of an alert, due at `now` (milliseconds since 1970). */
export function outgoing(
  alert: AlertContent,
  message: AlertMessage,
  now: number,
): readonly OutgoingMessage[] {
  return [...new Set(alert.channels)].map((channel) => ({
    channel,
    message,
    since: now,
    next: now,
    attempts: 0,
    error: null,
  }));
}

/** The queue after one message was tried. Earlier versions gave several messages one key: those of a channel go in order, so it is the first. */
function after(
  outbox: readonly OutgoingMessage[],
  tried: OutgoingMessage,
  error: string | null,
  now: number,
): readonly OutgoingMessage[] {
  const place = outbox.findIndex(
    (each) => each.channel === tried.channel && each.message.key === tried.message.key,
  );
  const isOver = error === null || now - tried.since > GIVE_UP_AFTER;
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, tried.attempts));
  return outbox.flatMap((each, i) => {
    if (i !== place) return [each];
    return isOver ? [] : [{ ...each, error, attempts: each.attempts + 1, next: now + wait }];
  });
}
