import { addressFacts, type AddressFact } from '../../model/catalog/address-facts.ts';

/**
 * The enrichment tables lie beside the flows (`Dialect.tables.enrichment`). They are filled once per address, never once
 * per flow, and again when a source of enrichment changes:
 *
 * - `address`: a row for each address that flows have. `inside`: it is yours. `changes_over_time`: its time-bound facts depend on the hour or on the interface that logs the flow;
 * - `address_period`: the facts of those addresses, by interface (`Dialect.noText`: none logged), from `first_hour` to `last_hour`;
 * - `port`: registered names;
 * - `conversation`: who began, where a flow alone doesn't tell (`initiator.ts`).
 */
export const timeBoundFacts = addressFacts.filter(({ timeBound }) => timeBound);

/** Whether a fact can change over time or differ between networks. */
export function isTimeBound(fact: AddressFact): boolean {
  return timeBoundFacts.some(({ name }) => name === fact);
}

/** Words that expressions say. */
export const derivedWords = ['source', 'destination', 'internal', 'inbound', 'outbound', 'external'] as const;

export type DerivedWord = (typeof derivedWords)[number];
