import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';
import type { Finding, KnockSource, Knocks } from '../../src/model/knocks/knocks.ts';
import type { Truth } from '../../src/simulate/simulate.ts';

type Planted = Truth['planted'][number];

/** What each planted kind must be found as; null: as nothing at all. */
const expected: Readonly<Record<string, FindingKind | null>> = {
  persistent_stranger: 'persistent_stranger',
  slow_stranger: 'persistent_stranger',
  new_stranger: 'new_stranger',
  stopped_stranger: 'stopped_stranger',
  scan: 'scan',
  port_scan: 'scan',
  brute_force: 'brute_force',
  misconfigured_client: 'misconfigured_client',
  backscatter: 'backscatter',
  ntp_reply: 'backscatter',
};

export interface Tally {
  planted: number;
  found: number;
  findings: number;
  right: number;
  /** Sources of strangers whose attempts, rates and times were compared, and how many were exact. */
  compared: number;
  exact: number;
  readonly trouble: string[];
}

/** Adds how an investigation did on a world to the tallies, by kind. */
export function compare(knocks: Knocks, truth: Truth, tallies: Map<FindingKind, Tally>, label: string): void {
  const story: Planted = {
    ...truth.planted[0],
    id: 'story',
    kind: 'persistent_stranger',
    action: 'REJECT',
    sources: truth.story.sources,
    targets: [truth.story.target],
    ports: [truth.story.target.port],
  } as Planted;
  // What fell into a gap with all it did can't be found.
  const entries = [story, ...truth.planted].filter((entry) => expected[entry.kind] != null && logged(entry));
  const used = new Set<Finding>();
  for (const entry of entries) {
    const kind = expected[entry.kind];
    if (kind == null) continue;
    const tally = tallyOf(tallies, kind);
    const matches = knocks.findings.filter((finding) => finding.kind === kind && isOf(finding, entry));
    for (const match of matches) used.add(match);
    tally.planted++;
    if (matches.length > 0 && hasAll(matches, entry)) tally.found++;
    else tally.trouble.push(`${label}: ${entry.id} was not found`);
    if (kind.endsWith('stranger')) compareSources(matches, entry, tally, label);
  }
  for (const finding of knocks.findings) {
    const tally = tallyOf(tallies, finding.kind);
    tally.findings++;
    if (used.has(finding)) tally.right++;
    else tally.trouble.push(`${label}: nobody planted ${finding.id}: ${finding.summary}`);
  }
}

function logged(entry: Planted): boolean {
  return entry.id === 'story' || entry.attempts >= 5;
}

function isOf(finding: Finding, entry: Planted): boolean {
  const targets = new Set(entry.targets.map(({ address }) => address));
  const atTarget = finding.target === null || targets.has(finding.target.address);
  if (expected[entry.kind] === 'backscatter') return atTarget;
  const planted = new Set(entry.sources.map(({ address }) => address));
  return atTarget && finding.sources.every(({ address }) => planted.has(address));
}

function hasAll(matches: readonly Finding[], entry: Planted): boolean {
  const found = new Set(matches.flatMap(({ sources }) => sources.map(({ address }) => address)));
  return entry.kind === 'ntp_reply' || entry.sources.every(({ address }) => found.has(address));
}

function compareSources(matches: readonly Finding[], entry: Planted, tally: Tally, label: string): void {
  for (const source of entry.sources) {
    const found = matches.flatMap(({ sources }) => sources).find(({ address }) => address === source.address);
    if (found === undefined) continue;
    tally.compared++;
    const told = JSON.stringify(pick(found));
    const true_ = JSON.stringify(pick(source));
    if (told === true_) tally.exact++;
    else tally.trouble.push(`${label}: ${entry.id}: ${told} is not ${true_}`);
  }
}

function pick(source: Pick<KnockSource, 'address' | 'attempts' | 'per_hour'> & Seen): unknown {
  return [source.address, source.attempts, source.per_hour, source.first_seen, source.last_seen];
}

interface Seen {
  readonly first_seen: string | null;
  readonly last_seen: string | null;
}

function tallyOf(tallies: Map<FindingKind, Tally>, kind: FindingKind): Tally {
  const tally = tallies.get(kind) ?? {
    planted: 0,
    found: 0,
    findings: 0,
    right: 0,
    compared: 0,
    exact: 0,
    trouble: [],
  };
  tallies.set(kind, tally);
  return tally;
}
