import { addressFacts } from './address-facts.ts';
import type { DerivedField } from './derived-field.ts';

const nothing = { role: 'dimension', version: 0, unit: null, max: null, values: null } as const;

const ends = [
  { prefix: 'src', end: 'srcaddr', label: 'Source', group: 'Source', words: 'source' },
  { prefix: 'dst', end: 'dstaddr', label: 'Dest', group: 'Destination', words: 'destination' },
] as const;

/** Facts about the addresses at both ends: `src_name`, `dst_country`, … */
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
    // Time-bound facts depend on the hour and on the interface that logs the flow.
    from: fact.timeBound ? [end, 'interface_id', 'start'] : [end],
    derivation: { kind: 'address', end, fact: fact.name } as const,
  })),
);

/** Whether an end is one of yours: what `direction` says of both. */
const ofSides: readonly DerivedField[] = ends.map(({ prefix, end, label, group, words }) => ({
  ...nothing,
  aws: `${prefix}-side`,
  name: `${prefix}_side`,
  type: 'text',
  label: `${label} side`,
  group,
  description: `internal or external: whether the ${words} address is one of yours`,
  from: [end],
  derivation: { kind: 'side', end },
}));

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

/** Flags or ports tell who started, or other flows of the same ends at that interface; source ports are what no rollup has. */
const tells = ['protocol', 'tcp_flags', 'srcport', 'dstport', 'srcaddr', 'dstaddr', 'interface_id', 'start'];

const ofStarts: readonly DerivedField[] = [
  {
    ...nothing,
    aws: 'initiator',
    name: 'initiator',
    type: 'text',
    label: 'Started by',
    group: 'Traffic',
    description: 'Which end started the conversation: source or destination; nothing where it can’t be known',
    from: tells,
    derivation: { kind: 'start', what: 'initiator' },
  },
  {
    ...nothing,
    aws: 'client-address',
    name: 'client_address',
    type: 'address',
    label: 'Client address',
    group: 'Source',
    description: 'The end that started the conversation, whichever way this flow goes',
    from: tells,
    derivation: { kind: 'start', what: 'client_address' },
  },
  {
    ...nothing,
    aws: 'server-address',
    name: 'server_address',
    type: 'address',
    label: 'Server address',
    group: 'Destination',
    description: 'The end that did not start the conversation, whichever way this flow goes',
    from: tells,
    derivation: { kind: 'start', what: 'server_address' },
  },
  {
    ...nothing,
    aws: 'service-port',
    name: 'service_port',
    type: 'integer',
    max: 65_535,
    label: 'Service port',
    group: 'Destination',
    description: 'The port at the server, whichever way this flow goes',
    from: tells,
    derivation: { kind: 'start', what: 'service_port' },
  },
  {
    ...nothing,
    aws: 'direction',
    name: 'direction',
    type: 'text',
    label: 'Inside or outside',
    group: 'Traffic',
    description: 'internal, inbound, outbound or external: by which of the two ends are yours',
    from: ['srcaddr', 'dstaddr'],
    derivation: { kind: 'direction' },
  },
];

const ofClocks: readonly DerivedField[] = [
  {
    ...nothing,
    aws: 'hour-of-day',
    name: 'hour_of_day',
    type: 'integer',
    max: 23,
    label: 'Hour of day',
    group: 'Traffic',
    description: 'The hour that clocks read when the flow began, 0 to 23, in the time zone of the question',
    from: ['start'],
    derivation: { kind: 'clock', what: 'hour_of_day' },
  },
  {
    ...nothing,
    aws: 'weekday',
    name: 'weekday',
    type: 'integer',
    max: 7,
    label: 'Weekday',
    group: 'Traffic',
    description:
      'The day on which the flow began, 1 (Monday) to 7 (Sunday), in the time zone of the question',
    from: ['start'],
    derivation: { kind: 'clock', what: 'weekday' },
  },
];

/** Every derived field: the sibling of `fields`, for whoever asks, not for who decodes or stores. */
export const derivedFields: readonly DerivedField[] = [
  ...ofAddresses,
  ...ofSides,
  ...ofPorts,
  ...ofStarts,
  ...ofClocks,
];

const byName: ReadonlyMap<string, DerivedField> = new Map(derivedFields.map((field) => [field.name, field]));

/** The derived field of that name; undefined if there is none. */
export function derivedFieldNamed(name: string): DerivedField | undefined {
  return byName.get(name);
}
