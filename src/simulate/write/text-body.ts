import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { Flow } from '../flow.ts';
import { ADDRESS_SLOT, awsServices } from '../world/address-book.ts';
import { REGION } from '../world/networks.ts';
import type { World } from '../world/world.ts';
import { ascii, putBytes, putInteger } from './ascii.ts';
import type { FileBody } from './file-body.ts';
import { defaultLayout } from '../../model/catalog/layouts.ts';

const compress = promisify(gzip);

/** The fields of versions 2 to 5, in AWS's order. */
const v5Layout: readonly string[] = [
  ...defaultLayout,
  ...'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path'.split(
    ' ',
  ),
];

/** No line is longer. */
const LINE = 640;

const ACCEPT = ascii(' ACCEPT OK');
const REJECT = ascii(' REJECT OK');
const IPV4 = ascii(' IPv4 ');
const IPV6 = ascii(' IPv6 ');
const INGRESS = ascii(' ingress -\n');
const EGRESS = ascii(' egress ');
const services = awsServices.map((name) => ascii(` ${name}`));
const protocols = Array.from({ length: 256 }, (_, protocol) => ascii(` ${protocol} `));

/**
 * Space-separated lines with a header, gzipped: version 2 (the default format) or versions 2 to 5.
 * Bytes are written straight into one buffer; what never changes is prepared per interface.
 */
export class TextBody implements FileBody {
  rows = 0;
  private readonly world: World;
  private readonly five: boolean;
  private readonly level: number;
  private readonly header: Uint8Array;
  private readonly heads: readonly Uint8Array[];
  private readonly places: readonly Uint8Array[];
  private readonly zones: readonly Uint8Array[];
  private out = new Uint8Array(1 << 16);
  private at: number;
  /** Buffers that were written out, to be used again. */
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];

  constructor(world: World, version: 2 | 5, level: number) {
    this.world = world;
    this.five = version === 5;
    this.level = level;
    this.header = ascii(`${(this.five ? v5Layout : defaultLayout).join(' ')}\n`);
    this.heads = world.interfaces.map((one) =>
      ascii(`${version} ${world.networks[one.subnet.network]?.accountId} ${one.id} `),
    );
    this.places = world.interfaces.map((one) =>
      ascii(` ${world.networks[one.subnet.network]?.vpcId} ${one.subnet.subnetId} ${one.instanceId ?? '-'} `),
    );
    this.zones = world.interfaces.map((one) => ascii(` ${REGION} ${one.subnet.zoneId} - -`));
    this.at = putBytes(this.out, 0, this.header);
  }

  get size(): number {
    return this.at;
  }

  write(flow: Flow): void {
    this.makeRoom();
    const out = this.out;
    let at = putBytes(out, this.at, this.heads[flow.eni] as Uint8Array);
    at = this.putAddress(at, flow.src);
    out[at++] = 32;
    at = this.putAddress(at, flow.dst);
    out[at++] = 32;
    at = putInteger(out, at, flow.sport);
    out[at++] = 32;
    at = putInteger(out, at, flow.dport);
    at = putBytes(out, at, protocols[flow.protocol] as Uint8Array);
    at = putInteger(out, at, flow.packets);
    out[at++] = 32;
    at = putInteger(out, at, flow.bytes);
    out[at++] = 32;
    at = putInteger(out, at, flow.start);
    out[at++] = 32;
    at = putInteger(out, at, flow.end);
    at = putBytes(out, at, flow.rejected === 1 ? REJECT : ACCEPT);
    if (this.five) at = this.putFive(at, flow);
    else out[at++] = 10;
    this.at = at;
    this.rows++;
  }

  writeStatus(eni: number, start: number, end: number, status: 'NODATA' | 'SKIPDATA'): void {
    this.makeRoom();
    const more = this.five ? ' - - - - - - - - - - - - - - -' : '';
    const head = Buffer.from(this.heads[eni] as Uint8Array).toString('latin1');
    this.at = putBytes(this.out, this.at, ascii(`${head}- - - - - - - ${start} ${end} - ${status}${more}\n`));
    this.rows++;
  }

  async take(): Promise<Uint8Array> {
    const full = this.out;
    const bytes = full.subarray(0, this.at);
    this.out = this.spare.pop() ?? new Uint8Array(full.length);
    this.at = putBytes(this.out, 0, this.header);
    this.rows = 0;
    const packed = await compress(bytes, { level: this.level });
    this.spare.push(full);
    return packed;
  }

  private putFive(from: number, flow: Flow): number {
    const out = this.out;
    const { isV6, services: serviceOf } = this.world.addresses;
    let at = putBytes(out, from, this.places[flow.eni] as Uint8Array);
    at = putInteger(out, at, flow.flags);
    at = putBytes(out, at, isV6[flow.src] === 1 ? IPV6 : IPV4);
    at = this.putAddress(at, flow.pktSrc);
    out[at++] = 32;
    at = this.putAddress(at, flow.pktDst);
    at = putBytes(out, at, this.zones[flow.eni] as Uint8Array);
    at = putBytes(out, at, services[serviceOf[flow.pktSrc] as number] as Uint8Array);
    at = putBytes(out, at, services[serviceOf[flow.pktDst] as number] as Uint8Array);
    if (flow.egress === 0) return putBytes(out, at, INGRESS);
    at = putBytes(out, at, EGRESS);
    at = putInteger(out, at, flow.path);
    out[at++] = 10;
    return at;
  }

  private putAddress(at: number, address: number): number {
    const bytes = this.world.addresses.bytes;
    const from = address * ADDRESS_SLOT;
    const length = bytes[from] as number;
    for (let i = 0; i < length; i++) this.out[at + i] = bytes[from + 1 + i] as number;
    return at + length;
  }

  private makeRoom(): void {
    if (this.at + LINE <= this.out.length) return;
    const larger = new Uint8Array(this.out.length * 2);
    larger.set(this.out);
    this.out = larger;
  }
}
