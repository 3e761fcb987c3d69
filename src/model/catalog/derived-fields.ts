import { addressFacts } from './address-facts.ts';
import type { DerivedField } from './derived-field.ts';

const nothing = { role: 'dimension', version: 0, unit: null, max: null, values: null } as const;

const ends = [
  { prefix: 'src', end: 'srcaddr', label: 'Source', group: 'Source', words: 'source' },
  { prefix: 'dst', end: 'dstaddr', label: 'Dest', group: 'Destination', words: 'destination' },
] as const;

/** What is known of the addresses at both ends: `src_name`, `dst_country`, … */
const ofAddresses: readonly DerivedField[] = ends.flatMap(({ prefix, end, label, group, words }) =>
  addressFacts.map((fact) => ({
    ...nothing,
    aws: `${prefix}-${fact.name.replaceAll('_', '-')}`,
    name: `${prefix}_${fact.name}`,
    type: fact.type,
    max: fact.max,
    label: `${label} ${fact.label}`,
    group,
    description: `${fact.about} (of the ${words})`,
    // What an address is can depend on who met it, and when.
    from: fact.held ? [end, 'interface_id', 'start'] : [end],
    derivation: { kind: 'address', end, fact: fact.name } as const,
  })),
);

const ofPorts: readonly DerivedField[] = [
  {
    ...nothing,
    aws: 'service-name',
    name: 'service_name',
    type: 'text',
    label: 'Likely service',
    group: 'Destination',
    description: 'The name under which the destination port is registered; traffic need not keep to it',
    from: ['dstport', 'protocol'],
    derivation: { kind: 'port' },
  },
];

/** Every derived field: the sibling of `fields`, for whoever asks, not for who decodes or stores. */
export const derivedFields: readonly DerivedField[] = [...ofAddresses, ...ofPorts];

const byName: ReadonlyMap<string, DerivedField> = new Map(derivedFields.map((field) => [field.name, field]));

/** The derived field of that name; undefined if there is none. */
export function derivedFieldNamed(name: string): DerivedField | undefined {
  return byName.get(name);
}
