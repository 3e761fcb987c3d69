import {
  PATH_GATEWAY_ENDPOINT,
  PATH_INTERNET,
  PATH_NONE,
  PATH_PEERING,
  PATH_SAME_VPC,
  SYN,
  SYN_ACK,
  TCP,
  UDP,
} from './flow.ts';
import type { Trace } from './truth-ledger.ts';
import type { Recorder } from './recorder.ts';
import type { World } from './world/world.ts';

/** One exchange of packets within a window, before anybody has logged it. One object is used again and again. */
class Exchange {
  protocol = TCP;
  sport = 0;
  dport = 0;
  outPackets = 1;
  outBytes = 40;
  backPackets = 1;
  backBytes = 40;
  start = 0;
  end = 0;
  outFlags = 0;
  backFlags = 0;

  /** TCP from SYN to FIN in one window; payload in bytes each way, headers come on top. */
  tcp(sport: number, dport: number, out: number, back: number, start: number, end: number): this {
    this.protocol = TCP;
    this.sport = sport;
    this.dport = dport;
    const outSegments = Math.ceil(out / 1400);
    const backSegments = Math.ceil(back / 1400);
    this.outPackets = 4 + outSegments + (backSegments >> 1);
    this.backPackets = 3 + backSegments + (outSegments >> 1);
    this.outBytes = out + 52 * this.outPackets;
    this.backBytes = back + 52 * this.backPackets;
    this.start = start;
    this.end = end;
    this.outFlags = SYN | 1;
    this.backFlags = SYN_ACK | 1;
    return this;
  }

  /** One datagram each way (ICMP has ports 0); payload in bytes, headers come on top. */
  datagrams(protocol: number, sport: number, dport: number, out: number, back: number, start: number): this {
    this.protocol = protocol;
    this.sport = sport;
    this.dport = dport;
    this.outPackets = 1;
    this.backPackets = 1;
    this.outBytes = Math.max(40, out + 28);
    this.backBytes = Math.max(40, back + 28);
    this.start = start;
    this.end = start;
    this.outFlags = 0;
    this.backFlags = 0;
    return this;
  }
}

/** Ephemeral ports of Linux. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;

/**
 * Turns exchanges into records: every interface of ours on the way logs both directions,
 * each as it sees the addresses.
 */
export class Wire {
  /** The exchange to be logged next. */
  readonly exchange = new Exchange();
  readonly world: World;
  readonly recorder: Recorder;
  /** Connections to outside that ended lately: interface, address, both ports, in a ring of four numbers each. */
  readonly ended = new Int32Array(4 * 64);
  private endedAt = 0;
  private readonly nextPort: Int32Array;

  constructor(world: World, recorder: Recorder) {
    this.world = world;
    this.recorder = recorder;
    this.nextPort = Int32Array.from(world.interfaces, (_, eni) => (eni * 7919) % PORTS);
  }

  /** The next ephemeral port of an interface of ours. */
  port(eni: number): number {
    const next = ((this.nextPort[eni] as number) + 1) % PORTS;
    this.nextPort[eni] = next;
    return FIRST_PORT + next;
  }

  /** Between two interfaces of ours: four records. The client's request at the server counts as the attempt. */
  inside(client: number, server: number, trace: Trace | null = null): void {
    this.insideAt(client, client, server, null);
    this.insideAt(server, client, server, trace);
  }

  /** What one of the two ends logs of an exchange between two interfaces of ours: two records. */
  insideAt(eni: number, client: number, server: number, trace: Trace | null): void {
    const { address, network } = this.world;
    const path = network[client] === network[server] ? PATH_SAME_VPC : PATH_PEERING;
    const from = address[client] as number;
    const to = address[server] as number;
    const out = eni === client ? 1 : 0;
    this.request(eni, from, to, from, to, out, path, trace);
    this.reply(eni, to, from, to, from, 1 - out, path);
  }

  /** From an address outside to an interface with a public address: two records. */
  fromOutside(client: number, server: number, trace: Trace | null = null): void {
    const { address, address6, addresses } = this.world;
    const to = (addresses.isV6[client] === 1 ? address6[server] : address[server]) as number;
    this.request(server, client, to, client, to, 0, PATH_NONE, trace);
    this.reply(server, to, client, to, client, 1, PATH_INTERNET);
  }

  /** From an interface with a public address to one outside: two records. */
  toOutside(client: number, server: number, trace: Trace | null = null): void {
    const { address, address6, addresses } = this.world;
    const from = (addresses.isV6[server] === 1 ? address6[client] : address[client]) as number;
    this.request(client, from, server, from, server, 1, PATH_INTERNET, trace);
    this.reply(client, server, from, server, from, 0, PATH_NONE);
    this.remember(client, server, this.exchange.sport);
  }

  /** Through a gateway endpoint (S3, DynamoDB), straight from a private interface: two records. */
  throughEndpoint(client: number, server: number): void {
    const from = this.world.address[client] as number;
    this.request(client, from, server, from, server, 1, PATH_GATEWAY_ENDPOINT, null);
    this.reply(client, server, from, server, from, 0, PATH_NONE);
  }

  /** From a private interface through a NAT gateway: two records at the client, four at the gateway. */
  throughNat(client: number, nat: number, server: number, trace: Trace | null = null): void {
    const { address } = this.world;
    const from = address[client] as number;
    const gateway = address[nat] as number;
    this.request(client, from, server, from, server, 1, PATH_SAME_VPC, trace);
    this.reply(client, server, from, server, from, 0, PATH_NONE);
    const sport = this.exchange.sport;
    // AWS's own example: towards the inside the gateway's record has its own address, the packet the true one.
    this.request(nat, from, gateway, from, server, 0, PATH_NONE, null);
    this.reply(nat, gateway, from, server, from, 1, PATH_SAME_VPC);
    this.exchange.sport = this.port(nat);
    this.request(nat, gateway, server, gateway, server, 1, PATH_INTERNET, null);
    this.reply(nat, server, gateway, server, gateway, 0, PATH_NONE);
    if (this.exchange.protocol !== UDP) this.remember(nat, server, this.exchange.sport);
    this.exchange.sport = sport;
  }

  /** Rejected at an interface of ours: one record there, of the way out only. */
  refused(client: number, server: number, trace: Trace | null): void {
    const to = this.world.address[server] as number;
    this.recorder.flow.rejected = 1;
    this.request(server, client, to, client, to, 0, PATH_NONE, trace);
    this.recorder.flow.rejected = 0;
  }

  /** Rejected inside: the client's interface accepted it, the server's rejected it. Two records. */
  refusedInside(client: number, server: number, trace: Trace | null): void {
    const { address, network } = this.world;
    const from = address[client] as number;
    const to = address[server] as number;
    const path = network[client] === network[server] ? PATH_SAME_VPC : PATH_PEERING;
    this.request(client, from, to, from, to, 1, path, null);
    this.refused(from, server, trace);
  }

  /** One direction without an answer, let in: one record. */
  unanswered(client: number, server: number, trace: Trace | null = null): void {
    const to = this.world.address[server] as number;
    this.request(server, client, to, client, to, 0, PATH_NONE, trace);
  }

  /** From an interface with a public address to one outside, without an answer that is let in: one record. */
  askedOutside(client: number, server: number): void {
    const from = this.world.address[client] as number;
    this.request(client, from, server, from, server, 1, PATH_INTERNET, null);
  }

  private remember(eni: number, outside: number, sport: number): void {
    this.ended[this.endedAt] = eni;
    this.ended[this.endedAt + 1] = outside;
    this.ended[this.endedAt + 2] = sport;
    this.ended[this.endedAt + 3] = this.exchange.dport;
    this.endedAt = (this.endedAt + 4) % this.ended.length;
  }

  private request(
    eni: number,
    src: number,
    dst: number,
    pktSrc: number,
    pktDst: number,
    egress: number,
    path: number,
    trace: Trace | null,
  ): void {
    const flow = this.recorder.flow;
    const exchange = this.exchange;
    flow.sport = exchange.sport;
    flow.dport = exchange.dport;
    flow.packets = exchange.outPackets;
    flow.bytes = exchange.outBytes;
    flow.flags = exchange.outFlags;
    this.log(eni, src, dst, pktSrc, pktDst, egress, path, trace);
  }

  private reply(
    eni: number,
    src: number,
    dst: number,
    pktSrc: number,
    pktDst: number,
    egress: number,
    path: number,
  ): void {
    const flow = this.recorder.flow;
    const exchange = this.exchange;
    flow.sport = exchange.dport;
    flow.dport = exchange.sport;
    flow.packets = exchange.backPackets;
    flow.bytes = exchange.backBytes;
    flow.flags = exchange.backFlags;
    this.log(eni, src, dst, pktSrc, pktDst, egress, path, null);
  }

  private log(
    eni: number,
    src: number,
    dst: number,
    pktSrc: number,
    pktDst: number,
    egress: number,
    path: number,
    trace: Trace | null,
  ): void {
    const flow = this.recorder.flow;
    const exchange = this.exchange;
    flow.eni = eni;
    flow.src = src;
    flow.dst = dst;
    flow.pktSrc = pktSrc;
    flow.pktDst = pktDst;
    flow.egress = egress;
    flow.path = egress === 1 ? path : PATH_NONE;
    flow.protocol = exchange.protocol;
    flow.start = exchange.start;
    flow.end = exchange.end;
    this.recorder.record(trace);
  }
}
