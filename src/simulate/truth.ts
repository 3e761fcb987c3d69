import { STORY_PORT } from './actors/strangers.ts';
import type { Planted, Trace } from './truth-ledger.ts';
import type { Stage } from './stage.ts';
import { isUnknown, type Timeline } from './timeline.ts';
import type { DoorTruth } from './visits/door-truth.ts';
import type { World } from './world/world.ts';

/** Attempts an hour over whole known hours. */
interface PerHour {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

interface TruthSource {
  readonly address: string;
  /** Logged attempts; of `long_lived` the records at the client. */
  readonly attempts: number;
  readonly per_hour: PerHour | null;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
}

interface TruthTarget {
  readonly address: string;
  /** Null, like the name, if it isn't an interface of ours. */
  readonly interface_id: string | null;
  readonly name: string | null;
  readonly public_address: string | null;
}

interface TruthEntry {
  readonly id: string;
  readonly kind: string;
  readonly description: string;
  readonly action: string;
  readonly protocol: number;
  readonly interval_seconds: number | null;
  readonly attempts: number;
  readonly targets: readonly TruthTarget[];
  readonly target_count: number;
  /** At most 20 of them, lowest first. */
  readonly ports: readonly number[];
  readonly port_count: number;
  readonly source_ports: number;
  readonly sources: readonly TruthSource[];
}

interface TruthGap {
  readonly from: string;
  readonly to: string;
}

/** The content of `truth.json`. See docs/simulate.md. */
export interface Truth {
  readonly options: Readonly<Record<string, unknown>>;
  readonly range: TruthGap;
  readonly totals: Readonly<Record<string, number>>;
  readonly flows_per_hour: readonly {
    readonly hour: string;
    readonly flows: number;
    readonly rejected_flows: number;
  }[];
  readonly story: {
    readonly target: TruthTarget & {
      readonly port: number;
      readonly protocol: number;
      readonly launched: string;
    };
    readonly attempts: number;
    readonly source_count: number;
    readonly share_of_rejected: number;
    readonly coverage: { readonly hours: number; readonly unknown_hours: number };
    readonly sources: readonly TruthSource[];
  };
  readonly planted: readonly TruthEntry[];
  readonly benign: readonly TruthEntry[];
  readonly gaps: {
    readonly outages: readonly TruthGap[];
    readonly skipdata: readonly (TruthGap & { readonly interface_id: string; readonly name: string })[];
    readonly nodata_interfaces: readonly string[];
  };
  readonly interfaces: readonly (TruthTarget & { readonly account_id: string; readonly flows: number })[];
  /** Where the story's port was open for the last hours of the logs: who came. */
  readonly door?: DoorTruth;
}

const benignKinds: ReadonlySet<string> = new Set([
  'health_check',
  'metrics_scrape',
  'ntp',
  'long_lived',
  'cut_connection',
]);

/** RFC 3339, UTC, to the second. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * All planted activities, and what of them was logged. `launched`: when the target's machine was, Unix seconds.
 */
export function groundTruth(
  stage: Stage,
  options: Readonly<Record<string, unknown>>,
  files: number,
  launched: number,
): Truth {
  const { world, timeline, budget, ledger } = stage;
  const { totals } = stage.wire.recorder;
  const story = ledger.planted.find((entry) => entry.id === 'story') as Planted;
  const entries = ledger.planted.map((entry) => describe(entry, world, timeline));
  const hours = Array.from({ length: timeline.hours }, (_, hour) => hour);
  const hourAt = (hour: number): string => isoTime(timeline.start + hour * 3600);
  const target = describeTarget(world, world.address[world.target] as number);
  const sources = story.traces.map((trace, i) => describeSource(trace, story.sources[i], world, timeline));
  const attempts = sources.reduce((sum, source) => sum + source.attempts, 0);
  return {
    options,
    range: { from: hourAt(0), to: hourAt(timeline.hours) },
    totals: {
      flows: totals.flows,
      rejected_flows: totals.rejectedFlows,
      rejected_share: totals.rejectedFlows / totals.flows,
      bytes: totals.bytes,
      packets: totals.packets,
      nodata: totals.nodata,
      skipdata: totals.skipdata,
      records: totals.flows + totals.nodata + totals.skipdata,
      files,
    },
    flows_per_hour: hours.map((hour) => ({
      hour: hourAt(hour),
      flows: totals.flowsPerHour[hour] as number,
      rejected_flows: totals.rejectedPerHour[hour] as number,
    })),
    story: {
      target: { ...target, port: STORY_PORT, protocol: story.protocol, launched: isoTime(launched) },
      attempts,
      source_count: budget.story.strangers,
      share_of_rejected: attempts / totals.rejectedFlows,
      coverage: {
        hours: timeline.hours,
        unknown_hours: hours.filter((hour) => isUnknown(timeline, world.target, hour)).length,
      },
      sources,
    },
    planted: entries.filter((entry) => entry.id !== 'story' && !benignKinds.has(entry.kind)),
    benign: entries.filter((entry) => benignKinds.has(entry.kind)),
    gaps: {
      outages: outages(timeline),
      skipdata: timeline.skips.map((skip) => ({
        interface_id: world.interfaces[skip.eni]?.id ?? '',
        name: world.interfaces[skip.eni]?.name ?? '',
        from: isoTime(timeline.start + skip.from * 60),
        to: isoTime(timeline.start + skip.to * 60),
      })),
      nodata_interfaces: world.interfaces.filter((one) => one.idle).map((one) => one.id),
    },
    interfaces: world.interfaces.map((one, eni) => ({
      ...describeTarget(world, world.address[eni] as number),
      account_id: world.networks[one.subnet.network]?.accountId ?? '',
      flows: totals.flowsPerInterface[eni] as number,
    })),
  };
}

function describe(entry: Planted, world: World, timeline: Timeline): TruthEntry {
  const pairs = new Set(entry.traces.flatMap((trace) => [...trace.targets]));
  const ports = [...new Set([...pairs].map((pair) => pair % 65_536))].toSorted((a, b) => a - b);
  const targets = [...new Set([...pairs].map((pair) => Math.floor(pair / 65_536)))].toSorted((a, b) => a - b);
  return {
    id: entry.id,
    kind: entry.kind,
    description: entry.description,
    action: entry.action,
    protocol: entry.protocol,
    interval_seconds: entry.intervalSeconds,
    attempts: entry.traces.reduce((sum, trace) => sum + trace.attempts, 0),
    targets: targets.map((address) => describeTarget(world, address)),
    target_count: targets.length,
    ports: ports.slice(0, 20),
    port_count: ports.length,
    source_ports: new Set(entry.traces.flatMap((trace) => [...trace.sourcePorts])).size,
    sources: entry.sources.map((source, i) =>
      describeSource(entry.traces[i] as Trace, source, world, timeline),
    ),
  };
}

function describeTarget(world: World, address: number): TruthTarget {
  const one = world.interfaces[world.address.indexOf(address)];
  return {
    address: world.addresses.text(address),
    interface_id: one?.id ?? null,
    name: one?.name ?? null,
    public_address: one?.publicAddress ?? null,
  };
}

function describeSource(
  trace: Trace,
  source: number | undefined,
  world: World,
  timeline: Timeline,
): TruthSource {
  return {
    address: world.addresses.text(source ?? 0),
    attempts: trace.attempts,
    per_hour: perHour(trace, timeline),
    first_seen: trace.attempts === 0 ? null : isoTime(trace.firstSeen),
    last_seen: trace.attempts === 0 ? null : isoTime(trace.lastSeen),
  };
}

/**
 * Over the hours that lie wholly between the first and the last attempt and are known at every interface
 * that logged it; null if there is none.
 */
function perHour(trace: Trace, timeline: Timeline): PerHour | null {
  const first = Math.ceil((trace.firstSeen - timeline.start) / 3600);
  const last = Math.floor((trace.lastSeen - timeline.start) / 3600);
  const counts: number[] = [];
  for (let hour = first; hour < last; hour++) {
    if ([...trace.loggedAt].every((eni) => !isUnknown(timeline, eni, hour)))
      counts.push(trace.perHour[hour] as number);
  }
  if (counts.length === 0) return null;
  counts.sort((a, b) => a - b);
  const middle = counts.length >> 1;
  const median =
    counts.length % 2 === 1
      ? (counts[middle] as number)
      : ((counts[middle - 1] as number) + (counts[middle] as number)) / 2;
  return { min: counts[0] as number, median, max: counts.at(-1) as number };
}

function outages(timeline: Timeline): TruthGap[] {
  const gaps: TruthGap[] = [];
  for (let hour = 0; hour < timeline.hours; hour++) {
    if (timeline.outage[hour] !== 1) continue;
    const from = hour;
    while (timeline.outage[hour + 1] === 1) hour++;
    gaps.push({
      from: isoTime(timeline.start + from * 3600),
      to: isoTime(timeline.start + (hour + 1) * 3600),
    });
  }
  return gaps;
}
