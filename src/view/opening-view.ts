import { roughLength } from './time/iso-duration.ts';
import type { Schema } from './schema.ts';
import { type View, defaultView } from './view.ts';

/** Latest 7 days, or all if there is less. */
export function openingView({ span, timezone }: Pick<Schema, 'span' | 'timezone'>): View {
  const short = span !== null && span.to - span.from <= roughLength('P7D');
  return short ? defaultView(timezone, { kind: 'all' }) : defaultView(timezone);
}
