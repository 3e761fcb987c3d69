import { PeepholeError } from '../../model/errors.ts';
import type { Input } from '../input.ts';
import { isDenied } from './denials.ts';
import { mayHold, type Bounds } from './key-layout.ts';
import { parseNotification, type CreatedObject } from './notification.ts';
import { isFolderMarker } from './object-input.ts';
import type { ObjectTaker, Reading } from './object-taker.ts';
import type { Queue, QueueMessage } from './queue.ts';
import type { S3Object } from './s3-bucket.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** Messages whose objects are taken in together. */
const MOST_TOGETHER = 100;
/** Receives of a message after which it is set aside: if its object is gone, and if S3 can't give it. */
const TRIES_IF_GONE = 3;
const MOST_TRIES = 20;
/** Looks at an object that is overwritten again and again. */
const MOST_LOOKS = 3;
/** Characters of a message that is set aside, in the reason. */
const SHOWN = 2_000;

export interface QueueReading extends Reading {
  readonly queue: Pick<Queue, 'name' | 'visibility' | 'check' | 'receive' | 'extend' | 'delete'>;
  readonly taker: ObjectTaker;
  readonly place: S3Place;
  readonly bounds: Bounds;
}

/**
 * Takes in the objects that messages of a queue tell of, until the signal is aborted. A message is deleted once its objects
 * are in, or it was set aside. Throws as `Queue` and `ObjectTaker`.
 */
export async function followQueue(reading: QueueReading): Promise<void> {
  const { queue, taker, signal, note } = reading;
  while (!signal.aborted) {
    const messages = await receive(reading);
    if (messages.length > 0) await whileHidden(reading, messages, () => take(reading, messages));
    if (signal.aborted) return;
    // Those of the first listing that failed.
    const { outage } = await taker.retry(reading);
    if (outage !== null) throw outage;
    const waiting = await queue.check();
    note(
      waiting === 0
        ? { ...taker.progress, lagObjects: (taker.progress.lagObjects ?? 0) + waiting }
        : { ...taker.progress, live: messages.length < MOST_TOGETHER, lagObjects: waiting },
    );
  }
}

/** Waits for messages, then takes what else there is, up to a batch. */
async function receive({ queue, signal }: QueueReading): Promise<readonly QueueMessage[]> {
  const messages = [...(await queue.receive(true, signal))];
  for (let more = messages.length; more > 0 && messages.length < MOST_TOGETHER;) {
    const next = await queue.receive(false, signal);
    messages.push(...next);
    more = next.length;
  }
  return messages;
}

/** Does something while messages stay hidden from others. */
async function whileHidden(
  { queue }: QueueReading,
  messages: readonly QueueMessage[],
  work: () => Promise<void>,
): Promise<void> {
  let refused: unknown = null;
  const timer = setInterval(() => {
    queue.extend(messages).catch((error: unknown) => {
      // If this fails once, the messages only come again.
      if (error instanceof PeepholeError && error.code === 'source_refused') refused = error;
    });
  }, queue.visibility * 500);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  if (refused !== null) throw refused;
}

async function take(reading: QueueReading, messages: readonly QueueMessage[]): Promise<void> {
  const { queue, sink } = reading;
  const parsed = messages.map((message) => ({ message, notification: parseNotification(message.body) }));
  const wanted = parsed.flatMap(({ notification }) =>
    notification.objects.filter((one) => isWanted(reading, one)),
  );
  const { gone, failed, outage } = await takeNewest(reading, wanted);
  const done: QueueMessage[] = [];
  const aside: Input[] = [];
  for (const { message, notification } of parsed) {
    const verdict =
      verdictOn(reading, message, notification.objects, { gone, failed, outage }) ?? notification.unreadable;
    if (verdict === 'later') continue;
    if (verdict !== null) aside.push(setAside(queue.name, message, verdict));
    done.push(message);
  }
  if (aside.length > 0) await sink.takeObjects(aside);
  await queue.delete(done);
  if (outage !== null) throw outage;
}

/** Null: the message has done its work; `later`: it is to come again; else why it is set aside. */
function verdictOn(
  reading: QueueReading,
  { received }: QueueMessage,
  objects: readonly CreatedObject[],
  { gone, failed, outage }: Outcome,
): string | null {
  const own = objects.filter((object) => isWanted(reading, object));
  const failing = own.find(({ key }) => failed.has(key));
  if (failing !== undefined) {
    // While S3 fails, that says nothing about the message.
    return outage !== null || received < MOST_TRIES
      ? 'later'
      : (failed.get(failing.key) ?? 'It could not be read.');
  }
  const missing = own.find(({ key }) => gone.has(key));
  if (missing === undefined) return null;
  return received < TRIES_IF_GONE
    ? 'later'
    : `${objectName(missing.bucket, missing.key)} is gone: it was deleted before it could be read.`;
}

interface Outcome {
  readonly gone: ReadonlySet<string>;
  /** By key, why S3 could not give it. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why S3 does not answer at all, or refuses all. */
  readonly outage: PeepholeError | null;
}

/** Takes in objects that notifications name, as they are now: notifications come late, twice, and in any order. */
async function takeNewest(reading: QueueReading, wanted: readonly CreatedObject[]): Promise<Outcome> {
  const { bucket, taker } = reading;
  const gone = new Set<string>();
  const byKey = new Map(wanted.map((object) => [object.key, object]));
  let pending = new Map<string, S3Object>();
  const stillFailing = new Map<string, string>();
  for (const { key, etag, size, time } of byKey.values()) {
    const object =
      etag === null || size === null
        ? await headUnlessDenied(bucket, key)
        : { key, etag, size, lastModified: time, archived: false };
    if (object instanceof PeepholeError) stillFailing.set(key, object.message);
    else if (object === null) gone.add(key);
    else if (!isFolderMarker(object)) pending.set(key, object);
  }
  let failed: ReadonlyMap<string, string> = new Map();
  let outage: PeepholeError | null = null;
  for (let look = 0; look < MOST_LOOKS && pending.size > 0 && outage === null; look++) {
    ({ failed, outage } = await taker.take(reading, [...pending.values()]));
    const changed = new Map<string, S3Object>();
    for (const [key, reason] of failed) {
      stillFailing.set(key, reason);
      if (outage !== null) continue;
      const current = await headUnlessDenied(bucket, key);
      // Objects that may not be read stay as they are.
      if (current instanceof PeepholeError) continue;
      if (current === null) gone.add(key);
      else if (current.etag !== pending.get(key)?.etag) changed.set(key, current);
    }
    for (const key of pending.keys()) if (!failed.has(key) || gone.has(key)) stillFailing.delete(key);
    pending = changed;
  }
  for (const key of gone) taker.forget(key);
  return { gone, failed: stillFailing, outage: outage ?? taker.refusal };
}

/** An object as it is now; null: there is none; the error, if it is one that S3 refuses. */
async function headUnlessDenied(
  bucket: QueueReading['bucket'],
  key: string,
): Promise<S3Object | PeepholeError | null> {
  try {
    return await bucket.head(key);
  } catch (error) {
    if (isDenied(error)) return error;
    throw error;
  }
}

function isWanted({ place, bounds }: QueueReading, { bucket, key, size, time }: CreatedObject): boolean {
  return (
    bucket === place.bucket &&
    key.startsWith(place.prefix) &&
    mayHold(key, time, bounds) &&
    !isFolderMarker({ key, size: size ?? 1 })
  );
}

/** An input that has the sink set a message aside, under the message's name. */
function setAside(queue: string, { id, body }: QueueMessage, reason: string): Input {
  return {
    name: `sqs:${queue}/${id}`,
    size: null,
    tag: id,
    time: null,
    discovered: false,
    async open() {
      throw new PeepholeError('unreadable_input', `${reason} The message: ${body.slice(0, SHOWN)}`);
    },
  };
}
