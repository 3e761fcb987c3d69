import { PeepholeError } from '../../model/errors.ts';
import type { About, AboutChange, AboutSeen, AboutSide, QueryJson } from '../../model/about/about.ts';
import { parseAbout, type AboutRequest } from '../../model/about/parse-about.ts';
import type { Answer } from '../../model/query/answer.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import { resolveRange, shiftBack, type ResolvedRange } from '../../model/time/range.ts';
import { parsedAddress } from '../../enrich/parsed-address.ts';
import type { EnrichmentSnapshot } from '../enrichment-service.ts';
import {
  clausesOf,
  listQueries,
  seenQuery,
  timeQuery,
  type AboutScope,
  type ListQuery,
  type SideName,
} from './about-queries.ts';
import { identityOf } from './about-identity.ts';
import { changesOf, listOf, readRows, shownRows, type ValueNames } from './read-list.ts';
import { partsQuery, withParts } from './row-parts.ts';
import { amountsOf, measuresOf, readTime, unknownHours, type Logged } from './read-time.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Longer ranges are shown by the day. */
const MOST_HOURLY = 35 * 24 * HOUR;
const MOST_CHANGES = 40;
/** Longer ranges are shown as far as there are logs, and not compared with an earlier range. */
const LONGEST = 400 * 24 * HOUR;
/** How many more hours without logs one of two ranges may have, of the whole, for their amounts to be compared. */
const MOST_UNKNOWN = 0.1;

/** What is needed to describe one thing. */
export interface AboutContext {
  readonly ask: (query: QueryJson) => Promise<Answer>;
  readonly logged: Logged;
  readonly enrichment: EnrichmentSnapshot;
}

/**
 * Everything that flows and the inventory say about one thing; `json` is validated (`parseAbout`). Each part is the
 * answer to a query.
 */
export async function readAbout(json: unknown, context: AboutContext): Promise<About> {
  const began = performance.now();
  let queries = 0;
  const ask = (query: QueryJson): Promise<Answer> => {
    queries++;
    return context.ask(query);
  };
  const request = canonical(parseAbout(json));
  const { enrichment, logged } = context;
  const range = rangeOf(request, logged);
  const length = range === null ? 0 : range.to - range.from;
  const weeks = request.time === null || length > LONGEST ? 0 : Math.ceil(length / WEEK);
  const shift = weeks === 0 ? null : `P${weeks * 7}D`;
  const earlier = range === null || shift === null ? null : shiftBack(range, shift, 'Etc/UTC');
  const scope: AboutScope = {
    time: request.time === null || range === null ? null : iso(range),
    // A range before the logs is not empty: it is unknown.
    shift: earlier !== null && isLogged(earlier, logged) ? shift : null,
    bucket: length > MOST_HOURLY ? 'P1D' : 'PT1H',
  };
  const own = request.kind === 'interface' ? await ownAddresses(request, enrichment, ask) : [];
  const names = namesOf(enrichment);
  const filters = {
    inbound: clausesOf(request, 'inbound', own) ?? [],
    outbound: clausesOf(request, 'outbound', own),
  };
  const isComparable = earlier !== null && range !== null && areComparable(range, earlier, logged);
  const compared = (side: AboutSide): AboutSide => (isComparable ? side : { ...side, previous: null });
  const [inbound, outbound, seen] = await Promise.all([
    readSide('inbound', filters.inbound, request, scope, names, ask),
    filters.outbound === null ? null : readSide('outbound', filters.outbound, request, scope, names, ask),
    readSeen([filters.inbound, ...(filters.outbound === null ? [] : [filters.outbound])], ask),
  ]);
  const operator = request.kind === 'operator' ? operatorName([inbound, outbound]) : null;
  const changes = [...inbound.changes, ...(outbound?.changes ?? [])].toSorted(
    (a, b) => Math.max(b.flows, b.previous_flows) - Math.max(a.flows, a.previous_flows),
  );
  return {
    kind: request.kind,
    value: request.value,
    range: range === null ? null : iso(range),
    earlier: earlier === null ? null : iso(earlier),
    identity: identityOf(request, own, enrichment, operator),
    seen,
    over_time: readTime(
      length > LONGEST ? within(range, logged) : range,
      scope.bucket,
      logged,
      inbound.time,
      outbound?.time ?? null,
    ),
    inbound: compared(inbound.side),
    outbound: outbound === null ? null : compared(outbound.side),
    changes: scope.shift === null ? null : changes.slice(0, MOST_CHANGES),
    more_changes: scope.shift === null ? 0 : Math.max(0, changes.length - MOST_CHANGES),
    notes: notesOf(request, own, scope, earlier, logged, isComparable, [inbound, outbound]),
    stats: { ms: performance.now() - began, queries },
  };
}

interface ReadSide {
  readonly side: AboutSide;
  readonly time: Answer;
  readonly changes: readonly AboutChange[];
  /** Names of operators of its members. */
  readonly operators: readonly string[];
  readonly isCut: boolean;
}

async function readSide(
  name: SideName,
  filter: readonly Readonly<Record<string, unknown>>[],
  request: AboutRequest,
  scope: AboutScope,
  names: ValueNames,
  ask: (query: QueryJson) => Promise<Answer>,
): Promise<ReadSide> {
  const query = timeQuery(filter, scope);
  const lists = listQueries(request, name, filter, scope);
  const time = await ask(query);
  // Without any flow, now and earlier, there is nothing to list: an unknown address takes few queries.
  const answers =
    time.rows.length === 0
      ? lists.map(() => ({ ...time, other: null }))
      : await Promise.all(lists.map((list) => ask(list.query)));
  const read = lists.flatMap((list, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ list, answer, rows: readRows(list, answer, scope.bucket, names) }];
  });
  const whole = time.subtotals?.find(({ path }) => path.length === 0)?.values ?? [];
  const measures = measuresOf(time);
  const compared = scope.shift !== null;
  return {
    side: {
      totals: amountsOf(measures, whole),
      previous: compared ? amountsOf(measures, whole, '_previous') : null,
      query,
      lists: await Promise.all(
        read.map(async ({ list, answer, rows }) => {
          const shown = shownRows(rows);
          if (shown.length === 0) return listOf(list, answer, rows, shown);
          const parts = partsQuery(list, name, request.kind, shown);
          const full = withParts(shown, list, parts, await ask(parts.query), scope.bucket, names);
          return listOf(list, answer, rows, full);
        }),
      ),
    },
    time,
    changes: read
      .filter(({ list }) => tellsChanges(list))
      .flatMap(({ list, rows }) => changesOf(name, list, rows)),
    operators: read
      .filter(({ list }) => list.list === 'members')
      .flatMap(({ rows }) => rows.flatMap(({ as_name: operator }) => (operator === null ? [] : [operator]))),
    isCut: compared && read.some(({ list, answer }) => tellsChanges(list) && answer.truncated),
  };
}

/** Whether about as many hours of two ranges have logs: otherwise missing logs would look like a change. */
function areComparable(range: ResolvedRange, earlier: ResolvedRange, logged: Logged): boolean {
  const hours = (range.to - range.from) / HOUR;
  return Math.abs(unknownHours(range, logged) - unknownHours(earlier, logged)) <= MOST_UNKNOWN * hours;
}

/** Peers include those of rejected flows. */
function tellsChanges({ list }: ListQuery): boolean {
  return list === 'peers' || list === 'ports' || list === 'refused_ports';
}

/** The first and the last hour in which there is a flow that a filter selects. */
async function readSeen(
  filters: readonly (readonly Readonly<Record<string, unknown>>[])[],
  ask: (query: QueryJson) => Promise<Answer>,
): Promise<AboutSeen | null> {
  const queries = filters.map(seenQuery);
  const answers = await Promise.all(queries.map(ask));
  // Flows without a start have no hour.
  const hours = new Set(
    answers.flatMap(({ rows }) => rows.flatMap(([hour]) => (typeof hour === 'string' ? [hour] : []))),
  );
  const [first] = [...hours].toSorted();
  const last = [...hours].toSorted().at(-1);
  return first === undefined || last === undefined ? null : { first, last, hours: hours.size, queries };
}

/**
 * The addresses of an interface: those that the inventory lists, else the one that is in most of the flows that it logged,
 * since every flow of an interface begins or ends there.
 */
async function ownAddresses(
  { value }: AboutRequest,
  { inventory }: EnrichmentSnapshot,
  ask: (query: QueryJson) => Promise<Answer>,
): Promise<readonly string[]> {
  const listed = inventory.addressesOf(value);
  if (listed.length > 0) return listed;
  const ends = await Promise.all(
    ['srcaddr', 'dstaddr'].map((field) =>
      ask({
        filter: [{ field: 'interface_id', in: [value] }],
        splits: [{ field, limit: 20, sort: { by: 'flows', order: 'desc' } }],
        measures: ['flows'],
      }),
    ),
  );
  const flows = new Map<string, number>();
  for (const [address, count] of ends.flatMap(({ rows }) => rows))
    if (typeof address === 'string') flows.set(address, (flows.get(address) ?? 0) + Number(count));
  const most = [...flows].toSorted((a, b) => b[1] - a[1])[0];
  return most === undefined ? [] : [most[0]];
}

function rangeOf({ time }: AboutRequest, { range, newest }: Logged): ResolvedRange | null {
  const all = range === null ? null : { from: Date.parse(range.from), to: Date.parse(range.to) };
  if (time === null) return all;
  const asked = resolveRange(time, newest === null ? null : Date.parse(newest) / 1000 - 1, 'Etc/UTC');
  if (asked !== null && asked.to <= asked.from)
    throw new PeepholeError('impossible_query', 'time: the range ends before it begins.', { path: 'time' });
  return asked;
}

/** The part of a range that lies within the logs; null: none does. */
function within(range: ResolvedRange | null, { range: flows }: Logged): ResolvedRange | null {
  if (range === null || flows === null) return null;
  const from = Math.max(range.from, Date.parse(flows.from));
  const to = Math.min(range.to, Date.parse(flows.to));
  return to <= from ? null : { from, to };
}

function isLogged(earlier: ResolvedRange, { range }: Logged): boolean {
  return range !== null && earlier.to > Date.parse(range.from) && earlier.from < Date.parse(range.to);
}

function iso({ from, to }: ResolvedRange): { readonly from: string; readonly to: string } {
  return { from: formatInstant(from), to: formatInstant(to) };
}

/** With an address as stores have it: IPv6 in the form of RFC 5952. */
function canonical(request: AboutRequest): AboutRequest {
  const address = request.kind === 'address' ? parsedAddress(request.value) : null;
  return address !== null && 'toRFC5952String' in address
    ? { ...request, value: address.toRFC5952String() }
    : request;
}

function namesOf({ names, investigation, addresses }: EnrichmentSnapshot): ValueNames {
  const known = new Map(names());
  return {
    ofAddress: (address) => {
      const outside = investigation.outsideAddress(address);
      return {
        name: known.get(address) ?? outside?.name ?? null,
        country: outside?.country ?? null,
        as_name: outside?.asName ?? null,
      };
    },
    ofPort: (protocol, port) => addresses.portName(protocol, port),
  };
}

function operatorName(sides: readonly (ReadSide | null)[]): string | null {
  return sides.flatMap((side) => side?.operators ?? [])[0] ?? null;
}

function notesOf(
  { kind, value, time }: AboutRequest,
  own: readonly string[],
  { shift }: AboutScope,
  earlier: ResolvedRange | null,
  logged: Logged,
  isComparable: boolean,
  sides: readonly (ReadSide | null)[],
): readonly string[] {
  const unknown = earlier === null || shift === null ? 0 : unknownHours(earlier, logged);
  return [
    ...(kind === 'interface' && own.length > 0
      ? [
          `${value} has ${own.join(', ')}: what goes to it is inbound, what comes from it outbound. Flows of the interface with neither are not counted here.`,
        ]
      : []),
    ...(time !== null && shift === null ? ['There are no logs of the time before to compare with.'] : []),
    ...(unknown > 0
      ? [
          `${unknown} ${unknown === 1 ? 'hour' : 'hours'} of the time compared with have no logs: what is new may have been there${isComparable ? '' : ', and its amounts say nothing about a change'}.`,
        ]
      : []),
    ...(sides.some((side) => side?.isCut === true)
      ? ['There are too many to compare: changes are given for the busiest only.']
      : []),
  ];
}
