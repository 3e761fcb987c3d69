import { Random } from '../../../src/simulate/random.ts';
import { aggregate, type FlowRecord, type LogFormat } from './flow-records.ts';
import { type Endpoint, type Mark, type Packets, type Sending, seenAtBothEnds } from './packets.ts';
import type { Benign, Planted } from './truth.ts';

export interface WorldShape {
  readonly seed: string;
  readonly hours: number;
  /** Seconds of an aggregation window. */
  readonly window: 60 | 600;
  readonly format: LogFormat;
  readonly variation?: Variation;
}

/**
 * What may be otherwise in a world: all addresses are of IPv6; some interfaces lost records in some hours; a firewall on the way to the internet
 * logs everything that passes once more; machines without traffic say so; all machines have public addresses of their own, without NAT; records
 * tell when their window began and ended, instead of the first and the last packet.
 */
export const variations = ['ipv6', 'lost records', 'firewall', 'idle', 'public', 'whole windows'] as const;
export type Variation = (typeof variations)[number];

/** Private networks that a world of ours may be in. */
const NETWORKS = ['10.0', '10.20', '172.31', '192.168'] as const;
/** A public one: outsiders have none of its addresses. */
const PUBLIC_NETWORK = '9.77';

/** A window of an interface of which there are no flows. */
export interface OtherRecord {
  readonly interface: string;
  readonly start: number;
  readonly end: number;
  readonly status: 'NODATA' | 'SKIPDATA';
}

/** Whether an address is of one of our networks: what outsiders have begins otherwise. */
function isOursText(address: string): boolean {
  return /^(9|10|172|192)\.|^2600:/.test(address);
}

const FIREWALL = 'eni-0f1e2d3c4b5a69788';

/** A small network, what it logs, and the truth about who visits it. Scenarios add to it. */
export class World {
  readonly shape: WorldShape;
  /** Seconds from the first to the last moment. */
  readonly seconds: number;
  /** Unix seconds at which it begins: at no round time. */
  readonly begin: number;
  readonly planted: Planted[] = [];
  readonly benign: Benign[] = [];
  readonly #packets: Packets[] = [];
  readonly #addresses = new Set<string>();
  readonly #gaps: { readonly from: number; readonly to: number }[] = [];
  readonly #network: string;
  #hosts = 0;
  #attempts = 0;
  #scenario = '';

  constructor(shape: WorldShape) {
    this.shape = shape;
    this.seconds = shape.hours * 3600;
    const random = this.random('world');
    this.begin = Date.UTC(2024, random.below(12), random.between(1, 27)) / 1000 + random.below(86_400);
    const network = random.pick(NETWORKS);
    this.#network = shape.variation === 'public' ? PUBLIC_NETWORK : network;
  }

  /** Lets a scenario happen: whom it plants is named after it, so that many can happen beside each other. */
  happen(scenario: string, plant: (world: World) => void): void {
    const before = this.planted.length;
    this.#scenario = scenario;
    plant(this);
    const planted = this.planted.splice(before);
    this.planted.push(...planted.map((one) => ({ ...one, name: `${scenario}: ${one.name}` })));
    this.#scenario = '';
  }

  /** A stream of random numbers of its own, for each label. */
  random(label: string): Random {
    return new Random(this.shape.seed, `${this.#scenario} ${label}`);
  }

  /** A machine of ours with an interface. */
  host(): Endpoint {
    const random = this.random(`host ${++this.#hosts}`);
    return { address: this.#privateAddress(random), interface: `eni-${random.hex(17)}` };
  }

  /** An address of our network at which there is nothing any more. */
  goneHost(): Endpoint {
    return { address: this.#privateAddress(this.random(`host ${++this.#hosts}`)), interface: null };
  }

  /** A machine in another network of ours, which does not log. */
  elsewhere(): Endpoint {
    const random = this.random(`elsewhere ${++this.#hosts}`);
    const make = (): string =>
      this.#text(`172.2${random.between(0, 9)}.${random.between(0, 15)}.${random.between(4, 250)}`);
    return { address: this.#unused(make), interface: null };
  }

  /** Somebody on the internet. */
  outsider(random: Random): Endpoint {
    return {
      interface: null,
      address: this.#unused(() => {
        const first = random.pick([5, 23, 34, 45, 52, 64, 80, 91, 103, 141, 159, 178, 185, 193, 203, 212]);
        return this.#text(
          `${first}.${random.between(1, 126)}.${random.below(256)}.${random.between(1, 254)}`,
        );
      }),
    };
  }

  send(sending: Sending): void {
    // What lies before or after is in other logs.
    if (sending.at < 0 || sending.at >= this.seconds) return;
    const seen = seenAtBothEnds(sending);
    this.#packets.push(...seen);
    if (this.shape.variation === 'firewall') this.#packets.push(...this.#onTheWay(sending, seen));
  }

  /** The mark of one more attempt of somebody planted. */
  attempt(plant: string): Mark {
    return { plant: `${this.#scenario}: ${plant}`, attempt: ++this.#attempts };
  }

  /** From here to there, in seconds of the world, all logs are missing. */
  loseLogs(from: number, to: number): void {
    this.#gaps.push({ from: this.begin + from, to: this.begin + to });
  }

  /** All that was sent, as the interfaces log it. */
  records(): readonly FlowRecord[] {
    const { window, variation } = this.shape;
    const phases = new Map<string, number>();
    const phaseOf = (interfaceId: string): number => {
      const phase = phases.get(interfaceId) ?? this.random(`phase ${interfaceId}`).below(window);
      phases.set(interfaceId, phase);
      return phase;
    };
    // An IPv6 header is 20 bytes longer.
    const packets =
      variation === 'ipv6'
        ? this.#packets.map((one) => ({ ...one, bytes: one.bytes + 20 * one.packets }))
        : this.#packets;
    const records = aggregate(packets, this.begin, window, phaseOf).filter(
      ({ start }) => !this.#gaps.some(({ from, to }) => start >= from && start < to),
    );
    if (variation !== 'whole windows') return records;
    return records.map((record) => {
      const phase = phaseOf(record.interface);
      const start = Math.floor((record.start + phase) / window) * window - phase;
      return { ...record, start: Math.max(this.begin, start), end: start + window - 1 };
    });
  }

  /** Lines without traffic, as a variation has them: records that were lost, or none that there were. */
  otherRecords(): readonly OtherRecord[] {
    const { window, variation, hours } = this.shape;
    if (variation !== 'lost records' && variation !== 'idle') return [];
    const random = this.random('other records');
    const interfaces = [...new Set(this.#packets.map((one) => one.interface))];
    if (variation === 'idle') interfaces.push(`eni-${random.hex(17)}`);
    const status = variation === 'idle' ? 'NODATA' : 'SKIPDATA';
    return interfaces.flatMap((face) =>
      Array.from({ length: Math.ceil(hours / 12) }, () => {
        const start = this.begin + random.below(this.seconds - window);
        return { interface: face, start, end: start + window, status };
      }),
    );
  }

  #privateAddress(random: Random): string {
    return this.#unused(() =>
      this.#text(`${this.#network}.${random.between(0, 15)}.${random.between(4, 250)}`),
    );
  }

  /** An address as this world writes it. */
  #text(ipv4: string): string {
    if (this.shape.variation !== 'ipv6') return ipv4;
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
    const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
    return isOursText(ipv4) ? `2600:1f18:${high}::${low}` : `2a00:${high}::${low}`;
  }

  /** What a firewall between us and the internet logs: what one of the two ends refuses, it let pass. */
  #onTheWay({ from, to, refusedBy }: Sending, seen: readonly Packets[]): readonly Packets[] {
    const isInside = isOursText(from.address) && isOursText(to.address);
    const [first] = seen;
    if (isInside || first === undefined || (refusedBy === 'source' && from.interface !== null)) return [];
    return [{ ...first, interface: FIREWALL, action: 'ACCEPT', mark: null }];
  }

  #unused(make: () => string): string {
    let address = make();
    while (this.#addresses.has(address)) address = make();
    this.#addresses.add(address);
    return address;
  }
}
