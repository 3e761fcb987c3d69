import { Flow } from './flow.ts';
import type { Trace } from './truth-ledger.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world/world.ts';

/** Where the records of one flow log go. */
export interface FlowSink {
  write(flow: Flow): void;
  /** A record without a flow. */
  writeStatus(eni: number, start: number, end: number, status: 'NODATA' | 'SKIPDATA'): void;
}

/** Exact sums over what was logged. */
export class Totals {
  flows = 0;
  rejectedFlows = 0;
  bytes = 0;
  packets = 0;
  nodata = 0;
  skipdata = 0;
  readonly flowsPerHour: Uint32Array;
  readonly rejectedPerHour: Uint32Array;
  readonly flowsPerInterface: Uint32Array;

  constructor(hours: number, interfaces: number) {
    this.flowsPerHour = new Uint32Array(hours);
    this.rejectedPerHour = new Uint32Array(hours);
    this.flowsPerInterface = new Uint32Array(interfaces);
  }
}

/**
 * Takes every record, drops those that fall into gaps, counts the rest and hands it to the flow log's sink. Without
 * sinks it only counts.
 */
export class Recorder {
  readonly flow = new Flow();
  readonly totals: Totals;
  private readonly world: World;
  private readonly timeline: Timeline;
  private readonly sinks: readonly FlowSink[] | null;
  private readonly skipping: Uint8Array;
  private outage = false;
  private hour = 0;

  constructor(world: World, timeline: Timeline, sinks: readonly FlowSink[] | null) {
    this.world = world;
    this.timeline = timeline;
    this.sinks = sinks;
    this.skipping = new Uint8Array(world.interfaces.length);
    this.totals = new Totals(timeline.hours, world.interfaces.length);
  }

  /** Whether nothing of the present minute is delivered. */
  get silent(): boolean {
    return this.outage;
  }

  /** Whether the present minute is lost at an interface. */
  skips(eni: number): boolean {
    return this.skipping[eni] === 1;
  }

  /** Begins a minute of the range, with the NODATA and SKIPDATA records of windows that end with it. */
  beginMinute(minute: number): void {
    this.hour = Math.floor(minute / 60);
    this.outage = this.timeline.outage[this.hour] === 1;
    this.skipping.fill(0);
    for (const skip of this.timeline.skips) {
      if (minute >= skip.from && minute < skip.to) this.skipping[skip.eni] = 1;
    }
    if (this.outage) return;
    this.world.interfaces.forEach((one, eni) => {
      const status = one.idle ? 'NODATA' : this.skipping[eni] === 1 ? 'SKIPDATA' : null;
      const network = this.world.network[eni] as number;
      const window = this.world.networks[network]?.windowMinutes ?? 1;
      if (status === null || (minute + 1) % window !== 0) return;
      if (status === 'NODATA') this.totals.nodata++;
      else this.totals.skipdata++;
      const end = this.timeline.start + (minute + 1) * 60;
      this.sinks?.[network]?.writeStatus(eni, end - window * 60, end - 1, status);
    });
  }

  /** Logs `flow` as it stands; where `trace` is given, as an attempt of that source. */
  record(trace: Trace | null): void {
    const flow = this.flow;
    if (this.outage || this.skipping[flow.eni] === 1) return;
    const totals = this.totals;
    totals.flows++;
    totals.bytes += flow.bytes;
    totals.packets += flow.packets;
    totals.rejectedFlows += flow.rejected;
    totals.flowsPerHour[this.hour] = (totals.flowsPerHour[this.hour] as number) + 1;
    totals.rejectedPerHour[this.hour] = (totals.rejectedPerHour[this.hour] as number) + flow.rejected;
    totals.flowsPerInterface[flow.eni] = (totals.flowsPerInterface[flow.eni] as number) + 1;
    if (trace !== null) this.trace(trace, flow);
    if (this.sinks !== null) (this.sinks[this.world.network[flow.eni] as number] as FlowSink).write(flow);
  }

  private trace(trace: Trace, flow: Flow): void {
    trace.attempts++;
    if (trace.firstSeen === 0 || flow.start < trace.firstSeen) trace.firstSeen = flow.start;
    if (flow.start > trace.lastSeen) trace.lastSeen = flow.start;
    trace.perHour[this.hour] = (trace.perHour[this.hour] as number) + 1;
    trace.targets.add(flow.dst * 65_536 + flow.dport);
    trace.loggedAt.add(flow.eni);
    trace.sourcePorts.add(flow.sport);
  }
}
