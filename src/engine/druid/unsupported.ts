import type { Unsupported } from '../../model/store-schema.ts';
import { MOST_ROWS } from './fetch-rows.ts';

/** What a store in Druid never does, with the reason. */
export const neverInDruid = {
  keep_raw:
    'In Druid flows and their sums by the hour are dropped together, since the ledger counts them as one: use peephole retain with --keep alone.',
  compact: 'Druid brings its segments together by itself, as peephole engine init sets it up.',
  later_state:
    'A store in Druid can’t tell which records of an input that has changed are there already, so a later state of it is not taken in.',
} as const satisfies Unsupported;

/** Why what reads each flow of the store is not done; null: it is. */
export function tooManyFlows(flows: number): string | null {
  if (flows <= MOST_ROWS) return null;
  return `Druid’s flows are brought here one by one for it, up to ${MOST_ROWS.toLocaleString('en-US')} of them; this store has ${flows.toLocaleString('en-US')}. Ask a store in files or in ClickHouse that has the time in question.`;
}

export function unsupportedInDruid(flows: number): Unsupported {
  const many = tooManyFlows(flows);
  return many === null ? neverInDruid : { ...neverInDruid, sql: many };
}
