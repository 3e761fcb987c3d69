import { counted } from '../../model/counted.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Input } from '../input.ts';
import type { SourceProgress, SourceRun } from '../source.ts';
import { tagOf } from './archived-object.ts';
import { Denials, isDenied } from './denials.ts';
import { quarantinedInput, inputOf, isFolderMarker, Outage } from './object-input.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** Objects that are known to be in, at most: the sink knows the others, only slower. */
const MOST_KNOWN = 200_000;
/** Objects that were not asked for and are remembered, at most. */
const MOST_FAILING = 100_000;
/** Milliseconds before an object that failed is tried again, and at most; each is twice the one before. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 600_000;
/** Milliseconds before an object is looked at again that turned out to be in an archive, though its listing does not say. */
const ARCHIVE_WAIT = 3_600_000;
/** Waiting objects whose reasons are reported one by one. */
const MOST_TOLD = 5;

/** What objects are read from, and where they go. */
export type Reading = Pick<SourceRun, 'sink' | 'note' | 'signal'> & { readonly bucket: Bucket };

export interface TakenFromBucket {
  /** Objects that are not in, by their keys, and why. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why S3 does not answer, or refuses all that it is asked for; null: neither. */
  readonly outage: PeepholeError | null;
}

interface Failing {
  readonly object: S3Object;
  readonly failures: number;
  /** Unix milliseconds. */
  readonly nextTry: number;
  readonly reason: string;
  /** Whether S3 refuses this one, and the sink knows it. */
  readonly aside: boolean;
}

/** Hands objects to a sink, and keeps in mind which are in and which are to be tried again. */
export class ObjectTaker {
  readonly #place: S3Place;
  /** By key: the tag that is in. */
  readonly #known = new Map<string, string>();
  /** By key: when to look again at what is in an archive, in Unix milliseconds. */
  readonly #archived = new Map<string, number>();
  readonly #failing = new Map<string, Failing>();
  readonly #denials = new Denials();
  readonly #outage = new Outage();
  /** By key: names of objects that were deleted before they could be read. */
  readonly #gone = new Map<string, string>();
  readonly #now: () => number;

  constructor(place: S3Place, now: () => number = Date.now) {
    this.#place = place;
    this.#now = now;
  }

  /** Takes objects in; those that are in already, or failed lately, are left out. Throws what the sink throws. */
  async take(
    { bucket, sink, note, signal }: Reading,
    objects: readonly S3Object[],
  ): Promise<TakenFromBucket> {
    const now = this.#now();
    const failed = new Map<string, string>();
    const waiting: S3Object[] = [];
    for (const object of objects) {
      const failing = this.#failing.get(object.key);
      if (failing !== undefined && failing.object.etag === object.etag && failing.nextTry > now)
        failed.set(object.key, failing.reason);
      // An object that failed and was then overwritten may be ingested already: report to the sink that it no longer fails.
      else if (failing !== undefined || !this.#isKnown(object, now)) waiting.push(object);
    }
    if (waiting.length === 0) return { failed, outage: null };
    note({ live: false, lagSeconds: this.#lagWith(waiting) });
    // What failed again and again comes after what was never tried.
    waiting.sort((a, b) => this.#failuresOf(a) - this.#failuresOf(b));
    for (let some: readonly S3Object[] = waiting; some.length > 0;)
      some = await this.#takeSome({ bucket, sink, signal }, some, failed);
    const { reason } = this.#outage;
    const outage = reason === null ? null : new PeepholeError('source_failed', reason);
    return { failed, outage: outage ?? (this.#denials.row.isLong ? this.#denials.refusal : null) };
  }

  /** Returns those that were not asked for, if S3 gave others after them. */
  async #takeSome(
    { bucket, sink, signal }: Pick<Reading, 'bucket' | 'sink' | 'signal'>,
    waiting: readonly S3Object[],
    failed: Map<string, string>,
  ): Promise<readonly S3Object[]> {
    const now = this.#now();
    for (const { row } of [this.#outage, this.#denials]) row.beginBatch();
    const outcome = {
      signal,
      outage: this.#outage,
      denials: this.#denials,
      again: new Set(waiting.filter((object) => this.#failuresOf(object) > 0).map(({ key }) => key)),
      skipped: new Set<string>(),
      denied: new Set<string>(),
      archived: new Set<string>(),
    };
    const taken = await sink.takeObjects(
      waiting.map((object) => inputOf(bucket, this.#place, object, outcome)),
    );
    const reasons = new Map(taken.failed.map(({ input, reason }) => [input, reason]));
    for (const object of waiting) {
      const reason = reasons.get(objectName(this.#place.bucket, object.key));
      if (reason === undefined) {
        failed.delete(object.key);
        this.#noteTaken(object);
        this.#denials.noteGiven(false);
        if (outcome.archived.has(object.key)) this.#archived.set(object.key, now + ARCHIVE_WAIT);
        continue;
      }
      failed.set(object.key, reason);
      if (outcome.skipped.has(object.key)) this.#noteSkipped(object, reason);
      else this.#noteFailed(object, reason);
    }
    const refused = waiting.filter(({ key }) => outcome.denied.has(key));
    if (this.#denials.refusal === null) await this.#setAside(sink, refused);
    if (this.#outage.row.isLong || this.#denials.row.isLong) return [];
    return waiting.filter(({ key }) => outcome.skipped.has(key));
  }

  /** How often an object was tried in vain, in the state that it is in. */
  #failuresOf({ key, etag }: S3Object): number {
    const failing = this.#failing.get(key);
    return failing?.object.etag === etag ? failing.failures : 0;
  }

  /** Looks at all that is to be read from the beginning: what was refused may be given now. */
  begin(): void {
    if (this.#denials.refusal === null) return;
    // The source has waited already.
    for (const [key, failing] of this.#failing) this.#failing.set(key, { ...failing, nextTry: 0 });
  }

  /** Why the bucket counts as refusing what it was asked for, once it was asked for all; null: it gives some. */
  get refusal(): PeepholeError | null {
    return this.#denials.refusal;
  }

  /** Has the sink keep, once, which objects S3 refuses though it gives others, and why. They are tried again all the same. */
  async #setAside(sink: Reading['sink'], objects: readonly S3Object[]): Promise<void> {
    const inputs: Input[] = [];
    for (const object of objects) {
      const failing = this.#failing.get(object.key);
      if (failing === undefined || failing.aside) continue;
      this.#failing.set(object.key, { ...failing, aside: true });
      inputs.push(quarantinedInput(this.#place, object, 'denied', failing.reason));
    }
    if (inputs.length > 0) await sink.takeObjects(inputs);
  }

  /** Looks again at objects that failed and whose time has come, and takes them in as they are now. */
  async retry(reading: Reading): Promise<TakenFromBucket> {
    const now = this.#now();
    // In any order: where S3 gives none of those that come first, it may give others.
    const due = [...this.#failing.values()]
      .filter(({ nextTry }) => nextTry <= now)
      .map((failing) => ({ failing, place: failing.failures + Math.random() }))
      .toSorted((a, b) => a.place - b.place)
      .slice(0, 100)
      .map(({ failing }) => failing);
    const objects: S3Object[] = [];
    const gone: S3Object[] = [];
    for (const failing of due) {
      const { object } = failing;
      const current = await reading.bucket.head(object.key).catch((error: unknown) => {
        // Whoever may not look at it can't say that it changed.
        if (isDenied(error)) return object;
        throw error;
      });
      if (current === null || isFolderMarker(current)) {
        this.#failing.delete(object.key);
        if (current === null) gone.push(object);
        continue;
      }
      this.#failing.set(object.key, { ...failing, object: current, nextTry: now });
      objects.push(current);
    }
    await this.#letGo(reading.sink, gone);
    return this.take(reading, objects);
  }

  /**
   * Seconds since the oldest object was written that is known and not in: these, and those that failed. 0: there is none;
   * null: S3 does not say when they were written. What is in an archive waits for somebody else.
   */
  #lagWith(waiting: readonly S3Object[]): number | null {
    let oldest = Infinity;
    let count = 0;
    const note = ({ archived, lastModified }: S3Object): void => {
      if (archived) return;
      count++;
      oldest = Math.min(oldest, lastModified ?? Infinity);
    };
    for (const object of waiting) note(object);
    for (const { object } of this.#failing.values()) note(object);
    if (count === 0) return 0;
    return oldest === Infinity ? null : secondsBetween(oldest, this.#now());
  }

  /** Reports objects that were deleted before they could be read. */
  async #letGo(sink: Reading['sink'], objects: readonly S3Object[]): Promise<void> {
    if (objects.length === 0) return;
    await sink.takeObjects(
      objects.map((object) => {
        const name = objectName(this.#place.bucket, object.key);
        this.#noteTaken(object);
        this.#gone.set(object.key, name);
        return quarantinedInput(
          this.#place,
          object,
          'gone',
          `${name} is gone: it was deleted before it could be read.`,
        );
      }),
    );
  }

  /** Forgets an object that no longer exists. */
  forget(key: string): void {
    this.#failing.delete(key);
  }

  /** Objects that were not asked for yet, since S3 gave none before them. */
  get untried(): number {
    return [...this.#failing.values()].filter(({ failures }) => failures === 0).length;
  }

  /** When the next object that failed is to be tried again, in Unix milliseconds; null: none is. */
  get nextTry(): number | null {
    const times = [...this.#failing.values()].map(({ nextTry }) => nextTry);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The progress once all listed objects were handed on. */
  get progress(): SourceProgress {
    return {
      live: true,
      lagSeconds: this.#lagWith([]),
      lagObjects: this.#failing.size,
      warnings: this.#warnings(),
    };
  }

  /** Objects that can't be read although others can. */
  #warnings(): readonly string[] {
    const failing = [...this.#failing.values()];
    const more = failing.length - MOST_TOLD;
    const [gone] = this.#gone.values();
    return [
      ...failing.slice(0, MOST_TOLD).map(({ reason }) => `${reason} It is tried again.`),
      ...(more > 0
        ? [
            `And ${counted(more, 'more object')} that could not be read, and ${more === 1 ? 'is' : 'are'} tried again.`,
          ]
        : []),
      ...(gone === undefined
        ? []
        : [`Deleted before they could be read: ${this.#gone.size} (${gone}). See quarantine.`]),
    ];
  }

  #isKnown(object: S3Object, now: number): boolean {
    return this.#known.get(object.key) === tagOf(object) && (this.#archived.get(object.key) ?? now + 1) > now;
  }

  #noteTaken(object: S3Object): void {
    const { key } = object;
    this.#failing.delete(key);
    this.#gone.delete(key);
    this.#archived.delete(key);
    this.#known.delete(key);
    this.#known.set(key, tagOf(object));
    if (this.#known.size <= MOST_KNOWN) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** An object was not asked for, since S3 gave none before it: it is as soon as S3 gives others. */
  #noteSkipped(object: S3Object, reason: string): void {
    const before = this.#failing.get(object.key);
    // Others come again when all is listed.
    if (before === undefined && this.#failing.size >= MOST_FAILING) return;
    this.#failing.set(object.key, {
      object,
      failures: this.#failuresOf(object),
      nextTry: this.#now(),
      reason,
      aside: before?.aside ?? false,
    });
  }

  #noteFailed(object: S3Object, reason: string): void {
    const before = this.#failing.get(object.key);
    const failures = (before?.failures ?? 0) + 1;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 16));
    this.#failing.set(object.key, {
      object,
      failures,
      nextTry: this.#now() + wait,
      reason,
      aside: before?.aside ?? false,
    });
  }
}

function secondsBetween(earlier: number, later: number): number {
  return Math.max(0, Math.round((later - earlier) / 1000));
}
