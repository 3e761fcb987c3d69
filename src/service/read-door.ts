import type { RunOptions } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { VisitBucket, VisitFilter, VisitorTotal, WantTotal } from '../engine/visit-register.ts';
import { concludeFinding, concludePort, type OwnNames } from '../investigate/door/conclude.ts';
import { kindName, wantWords } from '../investigate/door/want-words.ts';
import type { InvestigationEnrichment } from '../investigate/investigation-enrichment.ts';
import { count, moment } from '../investigate/wording.ts';
import type { Finding, KnockSource } from '../model/knocks/knocks.ts';
import { resolveRange } from '../model/time/range.ts';
import type { Door, DoorConclusion, DoorGroup, DoorSource, DoorTimeline } from '../model/visits/door.ts';
import type { DoorRequest } from '../model/visits/parse-door.ts';

/** The limits of lists in an answer. */
const MOST_GROUPS = 100;
const MOST_SOURCES = 500;
/** How many visitors conclusions consider. */
const MOST_WEIGHED = 5_000;
const MOST_BUCKETS = 96;
const MOST_SERIES = 7;

/** What an answer about visits needs besides the store. */
export interface DoorContext {
  readonly enrichment: InvestigationEnrichment;
  /** Names of our own addresses. */
  readonly ownNames: readonly (readonly [address: string, name: string])[];
  /** The investigation of all data; called only if there are visits. */
  readonly findings: () => Promise<readonly Finding[]>;
}

interface Knock {
  readonly finding: Finding;
  readonly source: KnockSource;
}

/** Answers a request about visits to open ports, joined with the findings of flow logs. */
export async function readDoor(
  store: FlowStore,
  request: DoorRequest,
  context: DoorContext,
  options: RunOptions,
): Promise<Door> {
  const { visits } = store;
  const filter = await filterOf(store, request, options);
  const totals = await visits.totals(filter, options);
  const unkept = totals.unkept.reduce((sum, one) => sum + one.visits, 0);
  const [wants, visitors, latest, timeline] = await Promise.all([
    visits.wants(filter, MOST_GROUPS, options),
    visits.visitors(filter, MOST_WEIGHED, options),
    request.limit === 0 ? [] : visits.latest(filter, request.limit, options),
    timelineOf(store, filter, totals, options),
  ]);
  const findings = visitors.length === 0 ? [] : await context.findings();
  const matched = matchFindings(findings, visitors);
  const sources = visitors
    .slice(0, MOST_SOURCES)
    .map((visitor) => sourceOf(visitor, knockOf(visitor, matched), context.enrichment));
  return {
    range:
      totals.first === null || totals.last === null
        ? null
        : { from: iso(totals.first), to: iso(totals.last) },
    totals: { visits: totals.visits, sources: totals.sources, bytes: totals.bytes, unkept },
    notes: [
      ...(unkept === 0
        ? []
        : [
            `${count(unkept, 'visit')} past a bound of the listener ${unkept === 1 ? 'was' : 'were'} counted and not kept (${totals.unkept.map((one) => `${one.bound.replaceAll('_', ' ')}: ${one.visits.toLocaleString('en-US')}`).join(', ')}).`,
          ]),
      ...(visitors.length < MOST_WEIGHED
        ? []
        : [`Conclusions are drawn from the ${count(MOST_WEIGHED, 'visitor')} that came most often.`]),
    ],
    conclusions: conclusionsOf(matched, visitors, ownNames(context)),
    groups: wants.map(groupOf),
    sources,
    timeline,
    visits: latest.map((visit) => ({ ...visit, port: visit.target.port })),
    left_out: {
      groups: totals.wants - wants.length,
      sources: Math.max(0, visitors.length - sources.length, totals.sources - sources.length),
      visits: totals.visits - latest.length,
    },
  };
}

async function filterOf(
  store: FlowStore,
  { time, ports, sources }: DoorRequest,
  options: RunOptions,
): Promise<VisitFilter> {
  const all = { from: null, to: null, ports, sources };
  if (time === null) return all;
  const { last } = await store.visits.totals(all, options);
  const range = resolveRange(time, last === null ? null : Math.floor(last / 1000), 'Etc/UTC');
  return range === null ? all : { ...all, ...range };
}

/** Findings with visits, each with the open port. */
function matchFindings(
  findings: readonly Finding[],
  visitors: readonly VisitorTotal[],
): ReadonlyMap<Finding, number> {
  const matched = new Map<Finding, number>();
  for (const finding of findings) {
    const sources = new Set(finding.sources.map(({ address }) => address));
    const ports =
      finding.target?.port === null || finding.target === null ? finding.ports : [finding.target.port];
    const found = visitors.find(
      (visitor) =>
        ports.includes(visitor.port) &&
        isSpoken(finding, visitor) &&
        (sources.has(visitor.source) || finding.target?.address === visitor.target),
    );
    if (found !== undefined) matched.set(finding, found.port);
  }
  return matched;
}

function conclusionsOf(
  matched: ReadonlyMap<Finding, number>,
  visitors: readonly VisitorTotal[],
  own: OwnNames,
): readonly DoorConclusion[] {
  const solving = [...matched].map(([finding, port]) => {
    const theirs = visitors.filter((visitor) => visitor.port === port && isSpoken(finding, visitor));
    return { theirs, conclusion: concludeFinding(finding, port, theirs, own) };
  });
  const weighed = new Set(solving.flatMap(({ theirs }) => theirs));
  const others = visitors.filter((visitor) => !weighed.has(visitor));
  const ends = new Set(others.map(endOf));
  return [
    ...solving.map(({ conclusion }) => conclusion),
    ...[...ends].map((end) =>
      concludePort(
        others.filter((visitor) => endOf(visitor) === end),
        own,
      ),
    ),
  ];
}

function endOf({ protocol, port }: VisitorTotal): string {
  return `${protocol} ${port}`;
}

/** IANA numbers. */
const protocolNumbers = { tcp: 6, udp: 17 } as const;

/** Whether a visit has the protocol that a finding is about, if about one. */
function isSpoken({ target }: Finding, { protocol }: VisitorTotal): boolean {
  const wanted = target?.protocol ?? null;
  return wanted === null || wanted === protocolNumbers[protocol];
}

/** The finding that has a visitor among its sources; of several, the one with most of its attempts. */
function knockOf(visitor: VisitorTotal, matched: ReadonlyMap<Finding, number>): Knock | null {
  const { source, port } = visitor;
  let found: Knock | null = null;
  for (const [finding, opened] of matched) {
    const theirs =
      opened === port && isSpoken(finding, visitor)
        ? finding.sources.find(({ address }) => address === source)
        : undefined;
    if (theirs !== undefined && (found === null || theirs.attempts > found.source.attempts))
      found = { finding, source: theirs };
  }
  return found;
}

function sourceOf(
  visitor: VisitorTotal,
  knock: Knock | null,
  enrichment: InvestigationEnrichment,
): DoorSource {
  const { source, target, port, protocol, visits, first, last, interval, want, wanting, example } = visitor;
  const outside = enrichment.outsideAddress(source);
  const seconds = interval === null ? null : Math.round(interval / 100) / 10;
  return {
    address: source,
    name: outside?.name ?? null,
    country: outside?.country ?? null,
    as_name: outside?.asName ?? null,
    target,
    port,
    protocol,
    visits,
    first_at: iso(first),
    last_at: iso(last),
    interval_seconds: seconds,
    want,
    wanting,
    example,
    knocks:
      knock === null
        ? null
        : {
            finding: knock.finding.id,
            attempts: knock.source.attempts,
            counted: knock.finding.counted,
            first_seen: knock.source.first_seen,
            last_seen: knock.source.last_seen,
          },
    summary: sourceSummary(visitor, knock, seconds),
  };
}

function sourceSummary(
  { visits, want, wanting, first }: VisitorTotal,
  knock: Knock | null,
  interval: number | null,
): string {
  const since = moment(Math.floor(first / 1000));
  const often = interval === null || visits < 3 ? '' : ` every ${interval.toLocaleString('en-US')} s`;
  const most =
    wanting === visits ? '' : ` in ${wanting.toLocaleString('en-US')} of ${count(visits, 'visit')}`;
  const visited = `since ${since} it ${wantWords(want, false)}${often}${most}`;
  if (knock === null) return `${visited.charAt(0).toUpperCase()}${visited.slice(1)}.`;
  const times = knock.source.attempts.toLocaleString('en-US');
  const began = moment(Math.floor(Date.parse(knock.source.first_seen) / 1000));
  return `It tried ${times} ${knock.source.attempts === 1 ? 'time' : 'times'} since ${began}; ${visited}.`;
}

function groupOf({ first, last, sources, ...group }: WantTotal): DoorGroup {
  return { ...group, source_count: sources, first_at: iso(first), last_at: iso(last) };
}

/** Our own names, by which hosts are recognized: none if there is no inventory. */
function ownNames({ ownNames: names }: DoorContext): OwnNames {
  const all = new Set(names.flatMap(([, name]) => name.toLowerCase().split(' / ')));
  return {
    known: names.length > 0,
    has: (host) => all.has(host),
  };
}

async function timelineOf(
  store: FlowStore,
  filter: VisitFilter,
  { first, last }: { readonly first: number | null; readonly last: number | null },
  options: RunOptions,
): Promise<DoorTimeline> {
  if (first === null || last === null) return { bucket_seconds: 60, from: null, series: [] };
  const seconds =
    widths.find((width) => (last - first) / 1000 / width < MOST_BUCKETS) ??
    Math.ceil((last - first) / 1000 / MOST_BUCKETS / 86_400) * 86_400;
  const buckets = await store.visits.buckets(filter, seconds * 1000, MOST_SERIES, options);
  const start = Math.floor(first / 1000 / seconds) * seconds;
  const size = Math.floor(last / 1000 / seconds) - start / seconds + 1;
  const series = new Map<string, number[]>();
  for (const bucket of buckets) {
    const label = labelOf(bucket);
    const counts = series.get(label) ?? Array.from({ length: size }, () => 0);
    counts[Math.floor(bucket.from / 1000 / seconds) - start / seconds]! += bucket.visits;
    series.set(label, counts);
  }
  const rank = (label: string, visits: readonly number[]): number => (label === OTHERS ? -1 : sumOf(visits));
  return {
    bucket_seconds: seconds,
    from: iso(start * 1000),
    series: [...series]
      .map(([label, visits]) => ({ label, visits }))
      .sort((a, b) => rank(b.label, b.visits) - rank(a.label, a.visits)),
  };
}

/** Possible bucket lengths in seconds. */
const widths = [1, 5, 15, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400];

const OTHERS = 'others';

function labelOf({ of }: VisitBucket): string {
  if (of === null) return OTHERS;
  return of.host === '' ? kindName(of.kind) : of.host;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
