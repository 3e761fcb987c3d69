import type { OwnAddress } from '../investigation-enrichment.ts';
import { namePattern } from '../name-pattern.ts';

/**
 * Which machines are a machine's peers: those with a name of the same pattern; else those that are the same kind of thing;
 * else all inside.
 */
export function peersOf<T>(
  machine: OwnAddress | null,
  others: readonly { readonly of: T; readonly facts: OwnAddress | null }[],
): { readonly what: string; readonly peers: readonly T[] } {
  const pattern = namePattern(machine?.name ?? null);
  const alike =
    pattern === null ? [] : others.filter(({ facts }) => namePattern(facts?.name ?? null) === pattern);
  if (alike.length >= LEAST_PEERS)
    return { what: `machines named like it (${pattern})`, peers: alike.map(({ of }) => of) };
  const service = machine?.service ?? null;
  const same = service === null ? [] : others.filter(({ facts }) => facts?.service === service);
  if (same.length >= LEAST_PEERS)
    return { what: `machines of its kind (${service})`, peers: same.map(({ of }) => of) };
  return { what: 'machines inside that send anything outside', peers: others.map(({ of }) => of) };
}

/** Fewer are no group to compare with. */
const LEAST_PEERS = 2;
