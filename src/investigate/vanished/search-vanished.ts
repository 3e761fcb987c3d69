import {
  MOST_VANISHED,
  dropVanished,
  addressesAt,
  goneInterfaces,
  goneLinks,
  goneSenders,
  goneServices,
  idleRecords,
  interfaceHours,
  linkHours,
  questionHours,
  senderHours,
  serviceHours,
  stillLogged,
  stillSending,
  type LinkKey,
  type LookedAt,
  type ServiceKey,
} from '../../sql/investigate/vanished-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import { groupBy } from '../group-by.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import type { SearchResult } from '../search.ts';
import { causesOf, type AllGone } from './causes.ts';
import { goneFor, goneWhileAsked, silentHours, STEADY_HOURS, STEADY_SHARE, type Gone, type HourFlows } from './presence.ts'; // prettier-ignore
import { vanishedFinding } from './vanished.ts';

/** So many things that vanished become findings. */
const MOST_FINDINGS = 200;
/** Steadiness is looked for in so many hours of the time before, and needs so many of them. */
const SAMPLES = 16;
const LEAST_SAMPLES = 3;
/** Fewer known hours tell of nothing steady; but of a service that is asked and does not answer any more these are enough. */
const LEAST_KNOWN = 28;
const LEAST_ASKED = 10;

/** Machines, interfaces, services, sources and links that were there all the time, and are gone at the end of the range. */
export async function searchVanished(context: InvestigationContext): Promise<SearchResult> {
  const at = hoursToLookAt(context.hours);
  if (at === null) return { findings: [], notes: [] };
  const all = await readGone(at, context).finally(async () => {
    for (const statement of dropVanished(context.scope))
      await context.session.run(statement).catch(() => undefined);
  });
  const causes = causesOf(all, context.isOurs);
  const chosen = causes.slice(0, MOST_FINDINGS);
  const judge = await judgeContext(context, {
    addresses: chosen.flatMap((one) => [
      ...('address' in one && one.address !== null ? [one.address] : []),
      ...(one.what === 'service' ? [one.service.address] : []),
      ...one.links.flatMap(({ src, dst }) => [src, dst]),
    ]),
    interfaces: chosen.flatMap((one) => [
      ...('interface' in one && one.interface !== null ? [one.interface] : []),
      ...one.links.map((link) => link.interface),
    ]),
  });
  const left = causes.length - chosen.length;
  return {
    findings: chosen.map((one) => vanishedFinding(one, judge)),
    
    notes: [
      ...(left === 0 ? [] : [`${left.toLocaleString('en-US')} more that vanished are not listed as findings.`]),
      ...(all.isCut ? [`Of what vanished only the ${MOST_VANISHED.toLocaleString('en-US')} busiest of a sort were examined.`] : []),
    ],
  }; // prettier-ignore
}

/** Null: the known hours are too few. */
function hoursToLookAt(hours: HourCoverage): LookedAt | null {
  const known = Array.from({ length: hours.count }, (_, index) => hours.first + index).filter((hour) =>
    hours.isKnown(hour, []),
  );
  if (known.length < LEAST_ASKED) return null;
  const silent = silentHours(hours);
  const before = known.slice(0, -silent);
  const every = before.length / Math.min(SAMPLES, before.length);
  const places = Array.from({ length: Math.min(SAMPLES, before.length) }, (_, index) =>
    Math.floor(index * every),
  );
  return {
    samples: [...new Set(places.flatMap((place) => before[place] ?? []))],
    least: LEAST_SAMPLES,
    end: known.slice(-silent),
  };
}

async function readGone(
  at: LookedAt,
  { scope, session: { run }, hours, own }: InvestigationContext,
): Promise<AllGone & { readonly isCut: boolean }> {
  const span = [hours.first, hours.last] as const;
  const last = async (statements: readonly string[]): Promise<readonly (readonly unknown[])[]> => {
    let rows: readonly (readonly unknown[])[] = [];
    for (const statement of statements) rows = await run(statement);
    return rows;
  };
  const isLong = hours.known(hours.first, hours.last, []) >= LEAST_KNOWN;
  const senders = isLong ? (await last(goneSenders(scope, at))).map(([address]) => readKey(address)) : [];
  const links: readonly LinkKey[] =
    !isLong || !scope.columns.has('dstport')
      ? []
      : (await last(goneLinks(scope, at))).map(([face, src, dst, port, protocol]) => ({
          interface: readKey(face),
          src: readKey(src),
          dst: readKey(dst),
          port: Number(port),
          protocol: Number(protocol),
        }));
  const canAnswer = ['srcport', 'dstport', 'protocol', 'bytes', 'packets'].every((name) => scope.columns.has(name)); // prettier-ignore
  const services: readonly ServiceKey[] = !canAnswer
    ? []
    : (await last(goneServices(scope, [...own], at))).map(([address, port, protocol]) => ({
        address: readKey(address),
        port: Number(port),
        protocol: Number(protocol),
      }));
  const interfaces =
    !isLong || !scope.columns.has('interface_id')
      ? []
      : (await run(goneInterfaces(scope, at))).map(([face]) => readKey(face));
  // Flows by what they are of, with the interfaces that logged them: in hours that one of them lost nobody knows.
  const seenOf = async <One>(
    some: readonly One[],
    statement: (some: readonly One[]) => string,
    keyOf: (cell: unknown) => Key | number,
  ): Promise<ReadonlyMap<Key | number, Seen>> => {
    if (some.length === 0) return new Map();
    const rows = groupBy(await run(statement(some)), ([key]) => keyOf(key));
    return new Map([...rows].map(([key, list]) => [key, readSeen(list)]));
  };
  const gone = <One extends object>(one: One, seen: Seen | undefined): readonly (One & { readonly gone: Gone })[] => {
    const found = seen === undefined ? null : goneFor(seen.active, hours, seen.interfaces);
    return found === null ? [] : [{ ...one, gone: found }];
  }; // prettier-ignore
  const unknown = new Set([...hours.unknown(), ...[...hours.lost.values()].flatMap((lost) => [...lost])])
    .size;
  const steady = { hours: STEADY_HOURS, share: STEADY_SHARE, unknown };
  const senderRows = await seenOf(senders, (some) => senderHours(scope, some, span, steady), readKey);
  const linkRows = await seenOf(links, (some) => linkHours(scope, some, span, steady), Number);
  const serviceRows = await seenOf(services, (some) => serviceHours(scope, some, span), Number);
  const questionRows = await seenOf(services, (some) => questionHours(scope, some, span), Number);
  const interfaceRows = await seenOf(interfaces, (some) => interfaceHours(scope, some, span), readKey);
  const goneFaces = interfaces.flatMap((face) => gone({ interface: face }, interfaceRows.get(face)));
  const idle = idleRecords(scope, at);
  const atFaces = groupBy(
    goneFaces.length === 0 ? [] : await run(addressesAt(scope, goneFaces.map((one) => one.interface), [...own], at)),
    ([face]) => readKey(face),
  ); // prettier-ignore
  const addresses = new Map([...atFaces].flatMap(([face, [first]]) => (first === undefined ? [] : [[face, readKey(first[1])] as const]))); // prettier-ignore
  // Of two that are in as many records nobody can tell whose the interface is.
  const isSure = (face: Key): boolean => {
    const [first, second] = atFaces.get(face) ?? [];
    return Number(first?.[2]) > Number(second?.[2] ?? 0);
  };
  const goneLinksHere = links.flatMap((link, index) => gone(link, linkRows.get(index)));
  // What another interface still logs has not stopped.
  const logged = new Set(
    goneLinksHere.length === 0
      ? []
      : (await run(stillLogged(scope, goneLinksHere, at))).map(([place]) => Number(place)),
  );
  const faced = goneFaces.flatMap((one) =>
    isSure(one.interface) ? (addresses.get(one.interface) ?? []) : [],
  );
  const sending = new Set(
    faced.length === 0
      ? []
      : (await run(stillSending(scope, faced, at))).map(([address]) => readKey(address)),
  );
  return {
    stillSending: sending,
    senders: senders.flatMap((address) => gone({ address }, senderRows.get(address))),
    links: goneLinksHere.filter((_, place) => !logged.has(place)),
    services: services.flatMap((service, index) => {
      const answers = serviceRows.get(index);
      const asked = questionRows.get(index);
      const found =
        answers === undefined
          ? null
          : ((isLong ? goneFor(answers.active, hours, answers.interfaces) : null) ??
            goneWhileAsked(answers.active, asked?.active ?? [], hours, answers.interfaces));
      return found === null ? [] : [{ ...service, gone: found }];
    }),
    interfaces: goneFaces.map((one) => ({ ...one, address: addresses.get(one.interface) ?? null })),
    isIdleLogged: idle !== null && Number((await run(idle))[0]?.[0] ?? 0) > 0,
    isCut: [senders, links, services, interfaces].some(({ length }) => length >= MOST_VANISHED),
  };
}

interface Seen {
  readonly active: HourFlows;
  readonly interfaces: readonly Key[];
}

/** Rows of what, interface, hour and flows. */
function readSeen(rows: readonly (readonly unknown[])[]): Seen {
  const flows = new Map<number, number>();
  for (const [, , hour, count] of rows)
    flows.set(Number(hour), (flows.get(Number(hour)) ?? 0) + Number(count));
  return {
    active: [...flows].toSorted(([a], [b]) => a - b),
    interfaces: [...new Set(rows.map(([, face]) => readKey(face)))],
  };
}
