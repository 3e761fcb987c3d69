/** One measure that a query can ask for. */
export interface Measure {
  readonly name: string;
  readonly label: string;
  readonly unit:
    | 'count'
    | 'bytes'
    | 'packets'
    | 'share'
    | 'hours'
    | 'seconds'
    | 'ratio'
    | 'per_hour'
    | 'per_second'
    | 'bytes_per_second'
    | 'bits_per_second';
  /** Additive measures of disjoint groups add up to the measure of the whole. */
  readonly additive: boolean;
  /** Its value for hours with logs in which there are no flows; null: it has none. */
  readonly withoutFlows: 0 | null;
  readonly description: string;
}

const table = {
  flows: {
    label: 'Flows',
    unit: 'count',
    additive: true,
    withoutFlows: 0,
    description: 'Records whose log-status is OK',
  },
  bytes: { label: 'Bytes', unit: 'bytes', additive: true, withoutFlows: 0, description: 'Bytes, summed' },
  packets: {
    label: 'Packets',
    unit: 'packets',
    additive: true,
    withoutFlows: 0,
    description: 'Packets, summed',
  },
  rejected_flows: {
    label: 'Rejected',
    unit: 'count',
    additive: true,
    withoutFlows: 0,
    description: 'Flows whose action is REJECT',
  },
  rejected_share: {
    label: 'Rejected share',
    unit: 'share',
    additive: false,
    withoutFlows: null,
    description: 'Rejected flows of all flows, 0 to 1',
  },
  connections: {
    label: 'Connections',
    unit: 'count',
    additive: true,
    withoutFlows: 0,
    description: 'Connections begun: one 5-tuple at one interface, seen in consecutive windows, counts once',
  },
  unique_sources: {
    label: 'Sources',
    unit: 'count',
    additive: false,
    withoutFlows: 0,
    description: 'Different source addresses, exact',
  },
  unique_destinations: {
    label: 'Destinations',
    unit: 'count',
    additive: false,
    withoutFlows: 0,
    description: 'Different destination addresses, exact',
  },
  bytes_per_flow: {
    label: 'Bytes per flow',
    unit: 'bytes',
    additive: false,
    withoutFlows: null,
    description: 'Bytes divided by flows',
  },
  flows_per_hour: {
    label: 'Per hour',
    unit: 'per_hour',
    additive: false,
    withoutFlows: 0,
    description: 'Flows divided by the hours of the time range that have logs',
  },
  flows_per_second: {
    label: 'Flows per second',
    unit: 'per_second',
    additive: false,
    withoutFlows: 0,
    description: 'Flows divided by the seconds of the time range that have logs',
  },
  packets_per_second: {
    label: 'Packets per second',
    unit: 'per_second',
    additive: false,
    withoutFlows: 0,
    description: 'Packets divided by the seconds of the time range that have logs',
  },
  bytes_per_second: {
    label: 'Bytes per second',
    unit: 'bytes_per_second',
    additive: false,
    withoutFlows: 0,
    description: 'Bytes divided by the seconds of the time range that have logs',
  },
  bits_per_second: {
    label: 'Bits per second',
    unit: 'bits_per_second',
    additive: false,
    withoutFlows: 0,
    description: 'Eight times the bytes, divided by the seconds of the time range that have logs',
  },
  hours_active: {
    label: 'Hours active',
    unit: 'hours',
    additive: false,
    withoutFlows: 0,
    description: 'Different hours (UTC) with at least one flow',
  },
} as const satisfies Record<string, Omit<Measure, 'name'>>;

/** A measure of the catalog. */
export type CatalogMeasure = keyof typeof table;

/** Every measure of the catalog, in the order they are offered. */
export const measures: readonly (Measure & { readonly name: CatalogMeasure })[] = Object.entries(table).map(
  ([name, measure]) => ({ name: name as CatalogMeasure, ...measure }),
);

/** Whether a text names a measure of the catalog. */
export function isCatalogMeasure(name: string): name is CatalogMeasure {
  return Object.hasOwn(table, name);
}

/** The row of a measure of the catalog. */
export function catalogMeasure(name: CatalogMeasure): Measure & { readonly name: CatalogMeasure } {
  return { name, ...table[name] };
}
