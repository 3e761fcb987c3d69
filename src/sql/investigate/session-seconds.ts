import { SHORT } from '../record-times.ts';

/** A record that lasts so long, in seconds, fills a window of ten minutes. */
const FILLS_TEN_MINUTES = 540;

/**
 * How long a session surely lasted, in seconds, as an aggregate over its records (`start`, `stop`). Many logs give all records of an
 * interface the begin and the end of its window, however short the flow was: of records that may be such only what lies between the
 * first and the last counts.
 */
export function surelyLasts(): string {
  return `CASE WHEN max(stop - start) <= ${SHORT} OR min(stop - start) >= ${FILLS_TEN_MINUTES}
    THEN greatest(0, max(start) - min(stop)) ELSE max(stop) - min(start) END`;
}
