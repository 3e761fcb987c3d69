import { addressFacts, type AddressFact } from '../../model/catalog/address-facts.ts';

/**
 * What is known of addresses and ports lies in tables beside the flows (`Dialect.tables.known`), filled once an address,
 * never once a flow, and anew when what is known changes:
 *
 * - `address`: a row for each address that flows have. `inside`: it is yours. `varied`: what is held depends on who met it, or when;
 * - `held`: what varied addresses were, by the interface that met them (`Dialect.noText`: none logged), from an hour to an hour;
 * - `port`: registered names;
 * - `conversation`: who began, where a flow alone doesn't tell (`initiator.ts`).
 */
export const heldFacts = addressFacts.filter(({ held }) => held);

/** Whether an address may lose a fact to another. */
export function isHeld(fact: AddressFact): boolean {
  return heldFacts.some(({ name }) => name === fact);
}

/** Words that expressions say. */
export const derivedWords = ['source', 'destination', 'internal', 'inbound', 'outbound', 'external'] as const;

export type DerivedWord = (typeof derivedWords)[number];
