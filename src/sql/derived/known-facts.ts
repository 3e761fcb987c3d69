import { addressFacts, type AddressFact } from '../../model/catalog/address-facts.ts';
import type { Dialect } from '../dialects/dialect.ts';

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

/** A join, called `held_srcaddr` or `held_dstaddr`, of rows `r` with what varied addresses at that end were. */
export function joinHeld(end: string, hour: string, face: string, { tables }: Dialect): string {
  const held = `held_${end}`;
  return (
    `LEFT JOIN ${tables.known.held} ${held} ON ${held}.key = r.${end} AND ${held}.interface = ${face}` +
    ` AND ${held}.first_hour <= ${hour} AND ${held}.last_hour >= ${hour}`
  );
}

/** Words that expressions say. */
export const derivedWords = ['source', 'destination', 'internal', 'inbound', 'outbound', 'external'] as const;

export type DerivedWord = (typeof derivedWords)[number];
