import type { Split } from '../model/query/query.ts';
import { parseDuration } from './time/iso-duration.ts';
import { defaultBucket, defaultLimit } from './splits.ts';
import { cut, readToken } from './url-lexer.ts';
import { writeField } from './url-clause.ts';
import type { SplitChoice } from './view.ts';

/**
 * One split in the URL: the field, then what differs from the usual, in any order, each after a `~`.
 *
 *     srcaddr~50            at most 50 values (`~all`: no limit)
 *     time~PT1H             a time bucket
 *     dstport~/1024         a number bucket of that width (amounts have one of 1000 without it)
 *     dstport~bytes.asc     sorted by a measure, or by the field itself
 */
export function writeSplit(split: SplitChoice): string {
  const parts = [writeField(split.field)];
  if (split.limit !== defaultLimit(split.field) || split.limit !== null)
    parts.push(String(split.limit ?? 'all'));
  if (split.bucket?.kind === 'time') parts.push(split.bucket.duration);
  if (split.bucket?.kind === 'number') parts.push(`/${split.bucket.width}`);
  if (split.sort !== null) parts.push(writeSort(split.sort));
  return parts.join('~');
}

/** Reads one split; null if it is none. */
export function readSplit(source: string): SplitChoice | null {
  const [head = '', ...parts] = cut(source, '~');
  const field = readToken(head)?.text;
  if (field === undefined || field === '') return null;
  let limit = defaultLimit(field);
  let bucket = defaultBucket(field);
  let sort: Split['sort'] | null = null;
  for (const part of parts) {
    if (part === 'all') limit = null;
    else if (/^[1-9]\d{0,5}$/.test(part)) limit = Number(part);
    else if (/^\/(?!0+$)\d{1,15}$/.test(part)) bucket = { kind: 'number', width: Number(part.slice(1)) };
    else if (part.startsWith('P') && parseDuration(part) !== null) bucket = { kind: 'time', duration: part };
    else {
      sort = readSort(part);
      if (sort === null) return null;
    }
  }
  return { field, bucket, limit, sort };
}

/** An order: `bytes.asc`. */
export function writeSort({ by, order }: NonNullable<Split['sort']>): string {
  return `${writeField(by)}.${order}`;
}

/** Reads an order; null if it is none. */
export function readSort(source: string): NonNullable<Split['sort']> | null {
  const order = /^(.*)\.(asc|desc)$/s.exec(source);
  const by = readToken(order?.[1] ?? '')?.text;
  if (order === null || by === undefined || by === '') return null;
  return { by, order: order[2] === 'asc' ? 'asc' : 'desc' };
}
