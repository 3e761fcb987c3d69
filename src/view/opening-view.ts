import { DEFAULT_LAST } from '../model/time/default-range.ts';
import { roughLength } from './time/iso-duration.ts';
import type { Schema } from './schema.ts';
import { type View, defaultView } from './view.ts';

/** The default range, or all if there is less. */
export function openingView({ span, timezone }: Pick<Schema, 'span' | 'timezone'>): View {
  const short = span !== null && span.to - span.from <= roughLength(DEFAULT_LAST);
  return short ? defaultView(timezone, { kind: 'all' }) : defaultView(timezone);
}
