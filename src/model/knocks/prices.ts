import { PeepholeError } from '../errors.ts';

/** What traffic costs in a region, in US dollars. */
export interface RegionPrices {
  /** Processed by a NAT gateway, for each GB. */
  readonly nat_gb: number;
  /** Between two zones, for each GB, both directions of the charge together. */
  readonly zones_gb: number;
  /** To another region, for each GB. */
  readonly regions_gb: number;
  /** Through a transit gateway, for each GB. */
  readonly transit_gb: number;
  /** To the internet, for each GB of a month: up to so many GB in all (null: any number), so much each. */
  readonly internet: readonly { readonly up_to_gb: number | null; readonly per_gb: number }[];
}

/** A table of prices; docs/knocks.md describes its file. */
export interface PriceTable {
  /** When these prices held, as they are cited. */
  readonly date: string;
  readonly bytes_per_gb: number;
  /** By region; `default` is for every other. */
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

const tiers = (...prices: readonly [number, number, number, number]): RegionPrices['internet'] => [
  { up_to_gb: 100, per_gb: 0 },
  { up_to_gb: 10_240, per_gb: prices[0] },
  { up_to_gb: 51_200, per_gb: prices[1] },
  { up_to_gb: 153_600, per_gb: prices[2] },
  { up_to_gb: null, per_gb: prices[3] },
];

const usual: RegionPrices = {
  nat_gb: 0.045,
  zones_gb: 0.02,
  regions_gb: 0.02,
  transit_gb: 0.02,
  internet: tiers(0.09, 0.085, 0.07, 0.05),
};

/** AWS's list prices, as far as they are known: edit them (`--prices`) where yours differ. */
export const defaultPrices: PriceTable = {
  date: '2025-01',
  bytes_per_gb: 1024 ** 3,
  regions: {
    default: usual,
    'us-east-1': usual,
    'us-east-2': usual,
    'us-west-2': usual,
    'us-west-1': { ...usual, nat_gb: 0.048 },
    'ca-central-1': { ...usual, nat_gb: 0.05 },
    'eu-west-1': { ...usual, nat_gb: 0.048 },
    'eu-west-2': { ...usual, nat_gb: 0.05 },
    'eu-central-1': { ...usual, nat_gb: 0.052 },
    'ap-northeast-1': {
      ...usual,
      nat_gb: 0.062,
      regions_gb: 0.09,
      internet: tiers(0.114, 0.089, 0.086, 0.084),
    },
    'ap-southeast-1': {
      ...usual,
      nat_gb: 0.059,
      regions_gb: 0.09,
      internet: tiers(0.12, 0.085, 0.082, 0.08),
    },
    'ap-southeast-2': {
      ...usual,
      nat_gb: 0.059,
      regions_gb: 0.098,
      internet: tiers(0.114, 0.098, 0.094, 0.092),
    },
    'ap-south-1': { ...usual, nat_gb: 0.056, regions_gb: 0.086, internet: tiers(0.1093, 0.085, 0.082, 0.08) },
    'sa-east-1': { ...usual, nat_gb: 0.093, regions_gb: 0.138, internet: tiers(0.15, 0.138, 0.126, 0.114) },
  },
};

/** The prices of a region, else the usual ones. */
export function pricesOf({ regions }: PriceTable, region: string | null): RegionPrices {
  return (region === null ? undefined : regions[region]) ?? regions['default'] ?? usual;
}

/** What so many GB in a month to the internet cost. */
export function internetPrice({ internet }: Pick<RegionPrices, 'internet'>, gb: number): number {
  let from = 0;
  let price = 0;
  for (const { up_to_gb: upTo, per_gb: each } of internet) {
    const to = upTo ?? Infinity;
    price += Math.max(0, Math.min(gb, to) - from) * each;
    from = to;
  }
  return price;
}

/**
 * Reads a table of prices: what is absent of a region is as in the default table. Throws `usage` for what is none.
 * @param json as in docs/knocks.md
 */
export function parsePrices(json: unknown): PriceTable {
  const table = objectOf(json, 'the table');
  const regions = objectOf(table['regions'] ?? {}, 'regions');
  return {
    date:
      typeof table['date'] === 'string'
        ? table['date']
        : wrong('date must say when the prices held, as "2025-06"'),
    bytes_per_gb:
      table['bytes_per_gb'] === undefined
        ? defaultPrices.bytes_per_gb
        : numberOf(table['bytes_per_gb'], 'bytes_per_gb', 1),
    regions: {
      ...defaultPrices.regions,
      ...Object.fromEntries(
        Object.entries(regions).map(([region, prices]) => [region, readRegion(prices, region)]),
      ),
    },
  };
}

function readRegion(json: unknown, region: string): RegionPrices {
  const prices = objectOf(json, region);
  const known = pricesOf(defaultPrices, region);
  const price = (name: 'nat_gb' | 'zones_gb' | 'regions_gb' | 'transit_gb'): number =>
    prices[name] === undefined ? known[name] : numberOf(prices[name], `${region}.${name}`, 0);
  const internet = prices['internet'];
  return {
    nat_gb: price('nat_gb'),
    zones_gb: price('zones_gb'),
    regions_gb: price('regions_gb'),
    transit_gb: price('transit_gb'),
    internet: internet === undefined ? known.internet : readTiers(internet, `${region}.internet`),
  };
}

function readTiers(json: unknown, path: string): RegionPrices['internet'] {
  if (!Array.isArray(json) || json.length === 0) wrong(`${path} must be a list of {"up_to_gb", "per_gb"}`);
  const read = (json as readonly unknown[]).map((one, index) => {
    const tier = objectOf(one, `${path}[${index}]`);
    const upTo = tier['up_to_gb'];
    return {
      up_to_gb: upTo === null || upTo === undefined ? null : numberOf(upTo, `${path}[${index}].up_to_gb`, 0),
      per_gb: numberOf(tier['per_gb'], `${path}[${index}].per_gb`, 0),
    };
  });
  const rising = read.every(({ up_to_gb: upTo }, index) => {
    const before = index === 0 ? 0 : (read[index - 1]?.up_to_gb ?? Infinity);
    return index === read.length - 1 ? upTo === null : upTo !== null && upTo > before;
  });
  return rising ? read : wrong(`the up_to_gb of ${path} must rise, and the last one be null`);
}

function objectOf(json: unknown, what: string): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : wrong(`${what} must be an object`);
}

function numberOf(value: unknown, path: string, least: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= least
    ? value
    : wrong(`${path} must be a number of at least ${least}`);
}

function wrong(what: string): never {
  throw new PeepholeError('usage', `The table of prices can't be used: ${what} (docs/knocks.md).`);
}
