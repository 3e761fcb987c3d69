import { PeepholeError } from '../model/errors.ts';
import { parseDuration } from '../model/time/duration.ts';
import { resolveRange } from '../model/time/range.ts';
import type { RetentionRequest } from './retention-request.ts';

/** Seconds: what started before `all` goes, also from the rollups; of what started before `flows` only rollups stay. */
export interface RetentionCutoffs {
  readonly all: number;
  readonly flows: number;
}

/** Throws `usage` for what is not a duration. */
export function checkDurations({ keep, keepRaw }: RetentionRequest): void {
  for (const text of [keep, keepRaw]) {
    if (text !== null && parseDuration(text) === null)
      throw new PeepholeError('usage', `${text} is not an ISO 8601 duration such as P90D or PT12H.`);
  }
}

/** Where flows and rollups part, rollups can't be cut within a row: all goes by whole days (UTC), flows by whole hours. */
export function cutoffsFor(
  { keep, keepRaw }: RetentionRequest,
  newest: number,
  flowsFrom: number,
): RetentionCutoffs {
  const secondOf = (last: string | null): number => {
    const range = last === null ? null : resolveRange({ kind: 'last', last }, newest, 'Etc/UTC');
    return Math.max(0, Math.floor((range?.from ?? 0) / 1000));
  };
  const all = secondOf(keep);
  const flows = Math.max(flowsFrom, whole(secondOf(keepRaw), HOUR));
  return flows > all ? { all: whole(all, DAY), flows } : { all, flows: all };
}

function whole(second: number, unit: number): number {
  return Math.floor(second / unit) * unit;
}

const HOUR = 3600;
const DAY = 86_400;
