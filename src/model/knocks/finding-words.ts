import { formatBytes } from '../byte-text.ts';
import { type FindingKind, kindWords } from './finding-kinds.ts';
import type { Finding } from './knocks.ts';

/** Kinds that are about a machine of ours rather than about attempts at a target. */
const machineKinds: ReadonlySet<FindingKind> = new Set([
  'outbound_volume',
  'outbound_beacon',
  'lateral_spread',
]);

/** Whether it is about a machine of ours that scans the outside: other scans are rejected. */
function isScanOutside({ kind, verdict }: Pick<Finding, 'kind' | 'verdict'>): boolean {
  return kind === 'scan' && verdict === 'unanswered';
}

/** Whether a text shows all of a finding; else its first sentence is enough. */
export function isInFull(finding: Pick<Finding, 'kind' | 'verdict'>): boolean {
  return kindWords[finding.kind].inFull || isScanOutside(finding);
}

/** Where the traffic of a finding goes, seen from our networks. */
export function directionOf(finding: Pick<Finding, 'kind' | 'verdict'>): 'in' | 'out' | 'inside' {
  return isScanOutside(finding) ? 'out' : kindWords[finding.kind].direction;
}

/** What a finding counts, as a noun for one. */
export function countedNoun({ kind, counted }: Pick<Finding, 'kind' | 'counted'>): string {
  if (kindWords[kind].attempts) return 'attempt';
  return counted === 'records' ? 'flow record' : 'connection';
}

/** What the bars of its hours count, as a noun for many. */
export function hourlyNoun({ kind, counted, hourly }: Pick<Finding, 'kind' | 'counted' | 'hourly'>): string {
  switch (hourly.measure) {
    case 'bytes':
      return 'bytes';
    case 'flows':
      return 'flow records';
    case 'attempts':
      return `${countedNoun({ kind, counted })}s`;
  }
}

/** A figure of a finding for people: `2.0 GB`, `$45`, `12`. */
export function amountText({ value, unit }: Pick<Finding['amounts'][number], 'value' | 'unit'>): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'usd':
      return `$${value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 })}`;
    case 'seconds':
      return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} s`;
    case 'ratio':
      return `${(value * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
    case 'count':
      return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  }
}

/** Who a finding is about, for kinds that are about a machine of ours rather than about what is tried at a target; else null. */
export function aboutMachine({ kind, sources, source_count: count }: Finding): string | null {
  if (!machineKinds.has(kind)) return null;
  const first = sources[0];
  const name = first === undefined ? 'A machine' : (first.name ?? first.address);
  return count > 1 ? `${name} and ${(count - 1).toLocaleString('en-US')} more` : name;
}
