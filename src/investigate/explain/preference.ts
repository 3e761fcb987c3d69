import type { Candidate } from './combination-counts.ts';

/** How useful a value of a field is to find a cause; other fields: 2. */
const TELLING: Readonly<Record<string, number>> = {
  srcaddr: 5,
  dstaddr: 5,
  dstport: 5,
  // Behind a hop: the true end.
  pkt_srcaddr: 5.2,
  pkt_dstaddr: 5.2,
  action: 3,
  src_name: 2.5,
  dst_name: 2.5,
  subnet_id: 2.2,
  interface_id: 2.1,
  az_id: 2,
  vpc_id: 1.8,
  src_as_name: 1.6,
  dst_as_name: 1.6,
  src_country: 1.2,
  dst_country: 1.2,
  protocol: 1,
  direction: 0.8,
  flow_direction: 0.7,
};
const OTHER = 2;
/** Each value makes a row longer. */
const PER_VALUE = 0.75;
/** Protocols of fewer flows on one side are no ordinary sort of traffic. */
const RARE = 0.005;
/** A value that most flows have anyhow narrows nothing down … */
const COMMON = 0.5;
/** … and one that a larger share of them has than this narrows down the less, the more have it. */
const NARROW = 0.05;
/** Fields that describe the kind of traffic, not its ends. */
export const SORTS: ReadonlySet<string> = new Set(['action', 'protocol', 'direction', 'flow_direction']);
const WAYS: ReadonlySet<string> = new Set(['direction', 'flow_direction']);
/** Fields that may be combined with an address or a port. */
const BESIDE_ENDS: ReadonlySet<string> = new Set([
  'srcaddr',
  'dstaddr',
  'pkt_srcaddr',
  'pkt_dstaddr',
  'dstport',
  'action',
]);
const ENDS: ReadonlySet<string> = new Set(['srcaddr', 'dstaddr', 'pkt_srcaddr', 'pkt_dstaddr']);
/** What says where a flow was logged. An interface is in one place. */
export const PLACES: ReadonlySet<string> = new Set(['interface_id', 'instance_id', 'subnet_id', 'az_id', 'vpc_id', 'account_id', 'region']); // prettier-ignore

/** Ranks combinations of the same flows by how clearly they describe them. */
export class Preference {
  readonly #names: readonly string[];
  readonly #share: (values: Candidate['values']) => number;

  /** @param share which part of the flows of either side have a value, the smaller of the two */
  constructor(names: readonly string[], share: (values: Candidate['values']) => number) {
    this.#names = names;
    this.#share = share;
  }

  of(values: Candidate['values']): number {
    const names = values.map(({ dimension }) => this.#names[dimension] ?? '');
    const hasInterface = names.includes('interface_id');
    const hasEnd = names.some((name) => ENDS.has(name));
    return values.reduce((sum, value, i) => {
      const name = names[i] ?? '';
      const isKnown =
        (hasEnd && !BESIDE_ENDS.has(name)) || (hasInterface && name !== 'interface_id' && PLACES.has(name));
      const says = !this.#isCommon(value) && !isKnown && !isNoPort(name, value);
      return sum + (says ? (TELLING[name] ?? OTHER) * this.#narrowing(value) : 0) - PER_VALUE;
    }, 0);
  }

  /** A value in words that an address has wherever it stands, in the packet or in the record of a hop. */
  wordOf({ dimension, key }: Candidate['values'][number]): string {
    return `${(this.#names[dimension] ?? '').replace('pkt_', '')}=${key}`;
  }

  /** Whether a combination only says of what sort its flows are. */
  isSort(values: Candidate['values']): boolean {
    return values.every((value) => this.#isSortValue(value) || this.#isCommon(value));
  }

  /** A protocol that hardly any flows of one side have is more than a sort of traffic: a tunnel that was set up, say. */
  #isSortValue(value: Candidate['values'][number]): boolean {
    const name = this.#names[value.dimension] ?? '';
    return SORTS.has(name) && !(name === 'protocol' && this.#share([value]) < RARE);
  }

  /** Whether a combination only has fields that describe the kind of traffic, however rare the values. */
  isOfSorts(values: Candidate['values']): boolean {
    return values.every(({ dimension }) => SORTS.has(this.#names[dimension] ?? ''));
  }

  /** Whether a value says where flows were logged. */
  isPlace({ dimension }: Candidate['values'][number]): boolean {
    return PLACES.has(this.#names[dimension] ?? '');
  }

  /** Whether a combination says where its flows were logged, and not between whom. */
  isOfPlace(values: Candidate['values']): boolean {
    const names = values.map(({ dimension }) => this.#names[dimension] ?? '');
    return names.some((name) => PLACES.has(name)) && !names.some((name) => ENDS.has(name));
  }

  /** Whether a combination says between whom its flows are, and not only those of them that go one way. */
  isOfEnds(values: Candidate['values']): boolean {
    const names = values.map(({ dimension }) => this.#names[dimension] ?? '');
    return names.some((name) => ENDS.has(name)) && !names.some((name) => WAYS.has(name));
  }

  /** 1 for a value of few flows; less for one of many, by what it says in bits. */
  #narrowing(value: Candidate['values'][number]): number {
    return Math.min(1, Math.log(this.#share([value])) / Math.log(NARROW));
  }

  #isCommon(value: Candidate['values'][number]): boolean {
    return this.#share([value]) > COMMON;
  }
}

/** ICMP has no ports; logs say 0. */
function isNoPort(name: string, { key }: Candidate['values'][number]): boolean {
  return name === 'dstport' && Number(key) === 0;
}
