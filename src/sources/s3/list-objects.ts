import { timeOfName } from '../aws/name-time.ts';
import { findFolders } from './find-folders.ts';
import { dayOfKey, dayPrefix, keyRange, mayHold, type Bounds, type Partition } from './key-layout.ts';
import { isFolderMarker } from './object-input.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';

/** The newest day of each partition that was seen, by its folder: Unix milliseconds. */
export type NewestDays = Map<string, number>;

export interface Listing {
  readonly bucket: Pick<Bucket, 'list'>;
  readonly prefix: string;
  readonly bounds: Bounds;
  /** Noted while listing. */
  readonly newest: NewestDays;
  /** Of partitions that are known only days from so many before the newest on; null: all of them. */
  readonly recentDays: number | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

const DAY = 86_400_000;
/** What is handed on together, at most. */
const MOST_OBJECTS = 1000;
const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * Objects below a prefix that may hold records within bounds, a batch at a time: those under AWS's folders day by day, all
 * accounts and regions of a day together, in order of the times in their names; others as S3 lists them.
 */
export async function* listObjects(listing: Listing): AsyncGenerator<readonly S3Object[]> {
  const { bucket, prefix, bounds, signal } = listing;
  const itself = await objectNamed(bucket, prefix, signal);
  if (itself !== null) {
    yield [itself];
    return;
  }
  const { partitions, others, objects } = await findFolders(bucket, prefix, signal);
  const wanted = (list: readonly S3Object[]): readonly S3Object[] =>
    list.filter((object) => !isFolderMarker(object) && mayHold(object.key, object.lastModified, bounds));
  yield* batches(wanted(objects));
  for (const other of others) {
    for await (const page of bucket.list({ prefix: other }, signal)) yield* batches(wanted(page.objects));
  }
  const lists = partitions.map((one) => daysOf(listing, one.partition, one.prefix));
  for await (const day of mergeDays(lists)) yield* batches(wanted(day));
}

/** The object whose key a prefix is: then it means that one alone. It is the first of all that begin with it. */
async function objectNamed(
  bucket: Listing['bucket'],
  prefix: string,
  signal: AbortSignal,
): Promise<S3Object | null> {
  if (prefix === '' || prefix.endsWith('/')) return null;
  for await (const { objects } of bucket.list({ prefix, most: 1 }, signal)) {
    const [first] = objects;
    if (first !== undefined) return first.key === prefix ? first : null;
  }
  return null;
}

interface Day {
  readonly day: number;
  readonly objects: readonly S3Object[];
}

/** The objects of a partition day by day, as S3 sorts keys. */
async function* daysOf(
  { bucket, bounds, newest, recentDays, now, signal }: Listing,
  partition: Partition,
  prefix: string,
): AsyncGenerator<Day> {
  const { after, before } = keyRange(partition, bounds);
  const known = newest.get(partition.base);
  const recent =
    recentDays === null || known === undefined ? null : dayPrefix(partition, known - recentDays * DAY);
  let day = 0;
  let objects: S3Object[] = [];
  for await (const page of bucket.list({ prefix, after: later(after, recent) }, signal)) {
    for (const object of page.objects) {
      if (before !== null && object.key >= before) {
        yield { day, objects };
        return;
      }
      // What has no day goes with those before it.
      const own = dayOfKey(partition, object.key) ?? day;
      if (own !== day) {
        if (objects.length > 0) yield { day, objects };
        objects = [];
        day = own;
        // A day of the future, from a wrong clock, would hide what comes meanwhile.
        if (own <= now) newest.set(partition.base, Math.max(own, newest.get(partition.base) ?? 0));
      }
      objects.push(object);
    }
  }
  yield { day, objects };
}

/** Days of several partitions, those of one day together. */
async function* mergeDays(lists: readonly AsyncGenerator<Day>[]): AsyncGenerator<readonly S3Object[]> {
  const heads = await Promise.all(lists.map((list) => list.next()));
  for (;;) {
    const days = heads.flatMap((head) => (head.done === true ? [] : [head.value.day]));
    if (days.length === 0) return;
    const first = Math.min(...days);
    const objects: S3Object[] = [];
    const taken: number[] = [];
    heads.forEach((head, index) => {
      if (head.done === true || head.value.day !== first) return;
      for (const object of head.value.objects) objects.push(object);
      taken.push(index);
    });
    yield objects;
    await Promise.all(
      taken.map(async (index) => {
        heads[index] = await lists[index]!.next();
      }),
    );
  }
}

/** In order of time, as many as are taken in together. */
function* batches(objects: readonly S3Object[]): Generator<readonly S3Object[]> {
  const timed = objects.map((object) => ({
    object,
    time: timeOfName(object.key) ?? object.lastModified ?? 0,
  }));
  timed.sort((a, b) => a.time - b.time);
  let batch: S3Object[] = [];
  let bytes = 0;
  for (const { object } of timed) {
    if (batch.length >= MOST_OBJECTS || (batch.length > 0 && bytes + object.size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(object);
    bytes += object.size;
  }
  if (batch.length > 0) yield batch;
}

function later(a: string | null, b: string | null): string | null {
  return a === null ? b : b === null ? a : a > b ? a : b;
}
