import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Source, SourceRequest, SourceRun } from '../source.ts';
import { followQueue } from './follow-queue.ts';
import { listObjects, type NewestDays } from './list-objects.ts';
import type { Bounds } from './key-layout.ts';
import { ObjectTaker, type Reading, type TakenFromBucket } from './object-taker.ts';
import { Queue } from './queue.ts';
import { S3Bucket, type Bucket } from './s3-bucket.ts';
import { parseS3Name, type S3Place } from './s3-name.ts';

/** Seconds between two listings, unless PEEPHOLE_POLL_SECONDS says otherwise. */
const POLL_SECONDS = 30;
/** Days that are listed each time, the newest of each account and region and those before it. */
const RECENT_DAYS = 3;
/** Milliseconds after which all days are listed again, for what came late; and at least so many times what that took. */
const LIST_ALL_EVERY = 3_600_000;
const TIMES_AS_LONG = 20;
/** So few pages that all days are listed each time. */
const FEW_PAGES = 20;
/** Batches in a row of which S3 gives nothing, for a fault of its own: then the rest waits. */
const MOST_OUT = 10;
/** How often a failed object is tried if the bucket is read only once. */
const LAST_TRIES = 3;

/** Makes the source that an `s3://BUCKET/PREFIX` stands for. Throws `usage`. */
export async function openS3Source(request: SourceRequest): Promise<Source> {
  const place = parseS3Name(request.name);
  const seconds = request.environment['PEEPHOLE_POLL_SECONDS'] ?? '';
  const pollSeconds = seconds === '' ? POLL_SECONDS : Number(seconds);
  if (!Number.isFinite(pollSeconds) || pollSeconds <= 0)
    throw new PeepholeError('usage', `PEEPHOLE_POLL_SECONDS is “${seconds}”: it must be a number above 0.`);
  return new S3Source(request, place, pollSeconds * 1000);
}

/** Objects below a prefix of a bucket. What was listed and what failed is kept from one run to the next. */
class S3Source implements Source {
  readonly kind = 's3';
  readonly id: string;
  readonly #request: SourceRequest;
  readonly #place: S3Place;
  readonly #pollMilliseconds: number;
  readonly #taker: ObjectTaker;
  readonly #newest: NewestDays = new Map();
  /** When all days were listed last, and how long and how many pages that took. */
  #listedAll: { readonly at: number; readonly took: number; readonly pages: number } | null = null;

  constructor(request: SourceRequest, place: S3Place, pollMilliseconds: number) {
    this.id = request.name;
    this.#request = request;
    this.#place = place;
    this.#pollMilliseconds = pollMilliseconds;
    this.#taker = new ObjectTaker(place);
  }

  async read({ sink, note, signal, follow }: SourceRun): Promise<void> {
    const { sqs } = this.#request.options;
    if (sqs !== null && !follow)
      throw new PeepholeError('usage', '--sqs tells of what comes later: give --follow too.');
    const bucket = await S3Bucket.open(this.#place, this.#request);
    const queue = sqs === null ? null : await Queue.open(sqs, this.#request);
    const reading = { bucket, sink, note, signal };
    this.#taker.begin();
    try {
      if (!follow) await this.#readOnce(reading);
      else if (queue === null) await this.#poll(reading);
      else {
        await queue.check();
        if (this.#listedAll === null) await this.#list(reading, true);
        if (!signal.aborted)
          await followQueue({
            ...reading,
            queue,
            taker: this.#taker,
            place: this.#place,
            bounds: this.#bounds,
          });
      }
    } catch (error) {
      if (!signal.aborted || !isCancelled(error)) throw error;
    } finally {
      bucket.close();
      queue?.close();
    }
  }

  get #bounds(): Bounds {
    const { from, to } = this.#request.options;
    return { from, to };
  }

  async #readOnce(reading: Reading): Promise<void> {
    await this.#list(reading, false);
    for (let tries = 0; tries < LAST_TRIES && !reading.signal.aborted;) {
      const { nextTry, untried } = this.#taker;
      if (nextTry === null) break;
      await pause(Math.max(0, nextTry - Date.now()), reading.signal);
      throwIfOut(await this.#taker.retry(reading));
      if (this.#taker.untried >= untried) tries++;
    }
    reading.note(this.#taker.progress);
  }

  async #poll(reading: Reading): Promise<void> {
    const { signal, note } = reading;
    while (!signal.aborted) {
      await this.#list(reading, true);
      if (signal.aborted) return;
      note(this.#taker.progress);
      await pause(this.#pollMilliseconds, signal);
      if (signal.aborted) return;
      throwIfOut(await this.#taker.retry(reading));
    }
  }

  /** Says that nothing is there, whatever the time that was asked for. Throws `source_refused` if it is not waited for. */
  async #noteEmpty({ bucket, note, signal }: Reading, follow: boolean): Promise<void> {
    const { prefix, bucket: name } = this.#place;
    for await (const { objects } of bucket.list({ prefix, most: 1 }, signal)) if (objects.length > 0) return;
    const reason =
      prefix === '' ? `The bucket ${name} is empty.` : `No key of ${name} begins with “${prefix}”.`;
    if (follow) return note({ nothingYet: reason });
    throw new PeepholeError('source_refused', `Nothing is in ${this.id}: ${reason}`, { empty: true });
  }

  /** Lists the bucket once, and ingests what is new. */
  async #list(reading: Reading, follow: boolean): Promise<void> {
    const { bucket, signal } = reading;
    const began = Date.now();
    const last = this.#listedAll;
    const all =
      last === null ||
      last.pages <= FEW_PAGES ||
      began - last.at >= Math.max(LIST_ALL_EVERY, TIMES_AS_LONG * last.took);
    let pages = 0;
    let found = 0;
    const counted: Pick<Bucket, 'list'> = {
      async *list(request, until) {
        for await (const page of bucket.list(request, until)) {
          pages++;
          found += page.objects.length + page.folders.length;
          yield page;
        }
      },
    };
    let taking = 0;
    let out = 0;
    let taken: TakenFromBucket | null = null;
    const batches = listObjects({
      bucket: counted,
      prefix: this.#place.prefix,
      bounds: this.#bounds,
      newest: this.#newest,
      recentDays: all ? null : RECENT_DAYS,
      now: began,
      signal,
    });
    for await (const batch of batches) {
      if (signal.aborted) return;
      const before = Date.now();
      // What S3 does not give must not keep back what comes after it.
      taken = await this.#taker.take(reading, batch);
      out = isOut(taken) ? out + 1 : 0;
      if (out >= MOST_OUT) throwIfOut(taken);
      taking += Date.now() - before;
    }
    if (signal.aborted) return;
    if (taken !== null) throwIfOut(taken);
    if (found === 0) await this.#noteEmpty(reading, follow);
    else if (follow) reading.note({ nothingYet: null });
    const { refusal } = this.#taker;
    if (refusal !== null) throw refusal;
    if (all) {
      const now = Date.now();
      this.#listedAll = { at: now, took: now - began - taking, pages };
    }
  }
}

/** Whether S3 fails; that it refuses objects is judged once all were listed. */
function isOut({ outage }: TakenFromBucket): boolean {
  return outage?.code === 'source_failed';
}

function throwIfOut(taken: TakenFromBucket): void {
  if (isOut(taken)) throw taken.outage;
}

/** Waits, or until the signal is aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

function isCancelled(error: unknown): boolean {
  return error instanceof PeepholeError && error.code === 'cancelled';
}
