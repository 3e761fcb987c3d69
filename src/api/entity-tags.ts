import type { IncomingHttpHeaders } from 'node:http';
import type { ExpectedVersion } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';

/** The ETag of a version of a document (RFC 9110, 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/** Whether a header with a list of ETags, or `*`, names a version. */
export function matchesTag(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || tagsOf(header).includes(entityTag(version));
}

/**
 * The version that a change is for, as its preconditions say (RFC 9110, 13.1). Neither: whichever there is. Throws
 * `bad_query` for unsupported preconditions: an If-None-Match other than `*`, or both.
 */
export function expectedVersion(headers: IncomingHttpHeaders): ExpectedVersion {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined)
    throw new PeepholeError('bad_query', 'If-Match and If-None-Match exclude each other.');
  if (noneMatch !== undefined) {
    if (noneMatch.trim() !== '*')
      throw new PeepholeError('bad_query', 'If-None-Match takes only * here: there must be none yet.');
    return { kind: 'none' };
  }
  if (match === undefined) return { kind: 'any' };
  if (match.trim() === '*') return { kind: 'existing', versions: null };
  // A foreign tag matches no version.
  const versions = tagsOf(match).flatMap((tag) => {
    const [, number] = /^"(0|[1-9]\d{0,14})"$/.exec(tag) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  return { kind: 'existing', versions };
}

/** Weak tags are compared weakly for reading, and proxies that compress make them so for changes too. */
function tagsOf(header: string): readonly string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
