import {
  acceptedSince,
  answeredPairs,
  changedPairs,
  closedDoors,
  comersSince,
  createChanges,
  createClosedDoors,
  createOpenedDoors,
  dropChanges,
  firstAnswers,
  openedDoors,
  pairHours,
  refusedSince,
} from '../../sql/investigate/rule-changes-queries.ts';
import type { ActiveHour } from '../attempt-times.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import { groupBy } from '../group-by.ts';
import { readEnds } from '../interface-ends.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { SearchResult } from '../search.ts';
import { count, list } from '../wording.ts';
import { acrossTargets, activeHours, asLetInAgain, isCutOff, isLetIn, longHours, readPair, sameMoment, type Change, type ChangedPair } from './changes.ts'; // prettier-ignore
import { closedBy, closedToOutside, type Closing } from './closed-to-outside.ts';
import { letInBy, newlyAccepted, type Opening } from './newly-accepted.ts';
import { rejectedAfterChange, shutOutBy } from './rejected-after-change.ts';

/** So many changes of each kind become findings. */
const MOST_FINDINGS = 200;
const fields = ['srcport', 'dstport', 'protocol', 'bytes', 'packets'] as const;

/** Ports that were accepted and are rejected now, and the other way round, by source. */
export async function searchRuleChanges(context: InvestigationContext): Promise<SearchResult> {
  const { scope, session, hours } = context;
  const missing = fields.filter((name) => !scope.columns.has(name));
  if (missing.length > 0)
    return {
      findings: [],

      notes: [`Changes of rules could not be searched for: the logs have no ${list(missing)}.`],
    };
  try {
    for (const statement of createChanges(scope)) await session.run(statement);
    const pairs = (await session.run(changedPairs())).map(readPair);
    const closings = await readClosings(context);
    const closed = new Set(closings.map(doorText));
    // Who is shut out with everybody else is part of that finding.
    const cutOff = pairs.filter(
      (pair) => isCutOff(pair, hours) && (context.isOurs(pair.src) || !closed.has(doorText(pair))),
    );
    const names = await judgeContext(context, {
      addresses: cutOff.flatMap(({ src, dst }) => [src, dst]),
      interfaces: cutOff.map((pair) => pair.interface),
    });
    const endOf = await readEnds(cutOff, context, names);
    const cut = [...groupBy(cutOff, endOf)].flatMap(([end, some]) =>
      acrossTargets(sameMoment(some, (pair) => [pair.lastAccepted, pair.after?.first ?? 0])).map(
        (change) => ({
          ...change,
          end,
        }),
      ),
    );
    const openings = await readOpenings(pairs, context);
    const changes = cut.slice(0, MOST_FINDINGS).map((change, index) => ({ ...change, group: index + 1 }));
    const opened = openings.slice(0, MOST_FINDINGS);
    const others = await countOthers(changes, context);
    const active = await readHours(changes.flatMap((change) => change.pairs), 'REJECT', context); // prettier-ignore
    const judge = await judgeContext(context, {
      addresses: [
        ...changes.flatMap((change) => change.pairs.flatMap(({ src, dst }) => [src, dst])),
        ...[...opened, ...closings].flatMap(({ dst, sources }) => [dst, ...sources.map(({ src }) => src)]),
      ],
      interfaces: [
        ...changes.flatMap((change) => change.pairs.map((pair) => pair.interface)),
        ...[...opened, ...closings].map((one) => one.interface),
      ],
    });
    const left = cut.length + openings.length - changes.length - opened.length;
    const shutOut = changes.map((change) => ({
      change,
      finding: rejectedAfterChange(
        change,
        (id) => active.get(id) ?? [],
        others.get(change.group) ?? 0,
        judge,
      ),
    }));
    const shut = closings.map((closing) => ({ closing, finding: closedToOutside(closing, judge) }));
    const letIn = opened.map((opening) => ({ opening, finding: newlyAccepted(opening, judge) }));
    return {
      findings: [...shutOut, ...shut, ...letIn].map(({ finding }) => finding),
      ruleChanges: [
        ...shutOut.map(({ change, finding }) => ({
          ...shutOutBy(change, finding, judge),
          rejected: change.pairs,
        })),
        ...shut.map(({ closing, finding }) => closedBy(closing, finding, judge)),
        ...letIn.map(({ opening, finding }) => letInBy(opening, finding, judge)),
      ],
      notes:
        left === 0
          ? []
          : [
              `${count(left, 'more change of rules is', 'more changes of rules are')} not listed as findings.`,
            ],
    };
  } finally {
    for (const statement of dropChanges(scope)) await session.run(statement).catch(() => undefined);
  }
}

/** A port of an address at an interface. */
const doorText = (
  one: Readonly<Record<'interface' | 'dst', Key> & Record<'port' | 'protocol', number>>,
): string => `${one.interface} ${one.dst} ${one.port}/${one.protocol}`;

async function countOthers(
  changes: readonly Change[],
  { scope, session: { run } }: InvestigationContext,
): Promise<ReadonlyMap<number, number>> {
  const doors = changes.flatMap(({ group, pairs, from }) => {
    const different = new Map(
      pairs.map((pair) => [`${pair.interface} ${pair.dst} ${pair.port}/${pair.protocol}`, pair]),
    );
    return [...different.values()].map((pair) => ({ ...pair, group, hour: Math.floor(from / 3600) }));
  });
  if (doors.length === 0) return new Map();
  return new Map(
    (await run(acceptedSince(scope, doors))).map(([group, sources]) => [Number(group), Number(sources)]),
  );
}

/** Hours of some pairs with rejected flows since their change, or accepted ones, by their ids. */
async function readHours(
  pairs: readonly ChangedPair[],
  action: 'ACCEPT' | 'REJECT',
  { scope, session: { run } }: InvestigationContext,
): Promise<ReadonlyMap<number, readonly ActiveHour[]>> {
  if (pairs.length === 0) return new Map();
  const ids = pairs.map(({ id }) => id);
  const rows = groupBy(await run(pairHours(scope, ids, action)), ([id]) => Number(id));
  return new Map(
    pairs.map((pair) => {
      const span =
        action === 'REJECT'
          ? { first: pair.after?.first ?? 0, last: pair.after?.last ?? 0 }
          : { first: pair.firstAccepted, last: pair.lastAccepted };
      const own = (rows.get(pair.id) ?? []).map(([, hour, flows]) => [Number(hour), Number(flows)] as const);
      return [
        pair.id,
        activeHours(
          own.filter(([hour]) => hour >= Math.floor(span.first / 3600)),
          span,
        ),
      ];
    }),
  );
}

/** A pair that is let in, and until when it had been before it was rejected. */
type LetIn = ChangedPair & { readonly acceptedUntil: number | null };

/** What was opened: to all outsiders, and to single sources where that is not the same. */
async function readOpenings(
  pairs: readonly ChangedPair[],
  context: InvestigationContext,
): Promise<readonly Opening[]> {
  const { scope, hours, session, isOurs } = context;
  const toAll = await readOpenedDoors(context);
  const reported = new Set(toAll.map((one) => `${one.interface} ${one.dst} ${one.port} ${one.protocol}`));
  const answered = new Set((await session.run(answeredPairs(scope))).map(([id]) => Number(id)));
  const letIn = pairs.flatMap((pair): readonly LetIn[] => {
    const again = asLetInAgain(pair, hours);
    if (isLetIn(pair, hours)) return [{ ...pair, acceptedUntil: null }];
    return again === null ? [] : [again];
  });
  const some = letIn.filter(
    (pair) =>
      answered.has(pair.id) &&
      (isOurs(pair.src) || !reported.has(`${pair.interface} ${pair.dst} ${pair.port} ${pair.protocol}`)),
  );
  const byDoor = [...groupBy(some, ({ port, protocol }) => `${port} ${protocol}`).values()];
  const changes = byDoor.flatMap((same) => sameMoment(same, (pair) => [pair.before?.last ?? 0, pair.firstAccepted])); // prettier-ignore
  const active = await readHours(some, 'ACCEPT', context);
  const acceptedUntil = new Map(some.map((pair) => [pair.id, pair.acceptedUntil]));
  const openings = changes.flatMap(({ pairs: together, until, from }): readonly Opening[] => {
    const [pair] = together;
    if (pair === undefined) return [];
    const before = together.flatMap((one) => one.before ?? []);
    return [
      {
        interface: pair.interface,
        dst: pair.dst,
        port: pair.port,
        protocol: pair.protocol,
        who: 'some',
        until,
        from,
        rejected: before.reduce((sum, { records }) => sum + records, 0),
        rejectedSince: Math.min(...before.map(({ first }) => first)),
        acceptedUntil: acceptedUntil.get(pair.id) ?? null,
        sources: together.map(({ id, src }) => ({ src, active: active.get(id) ?? [] })),
      },
    ];
  });
  return [...toAll, ...openings];
}

/** What was closed to all outsiders. */
async function readClosings({
  scope,
  own,
  hours,
  session: { run },
}: InvestigationContext): Promise<readonly Closing[]> {
  for (const statement of createClosedDoors(scope, [...own], longHours(hours))) await run(statement);
  const doors = (await run(closedDoors())).map(([face, dst, port, protocol, first, last, firstRefused]) => ({
    interface: readKey(face),
    dst: readKey(dst),
    port: Number(port),
    protocol: Number(protocol),
    first: Number(first),
    last: Number(last),
    firstRefused: Number(firstRefused),
  }));
  const long = doors.filter(
    (door) => hours.known(door.first, door.last, [door.interface]) >= longHours(hours),
  );
  if (long.length === 0) return [];
  const rows = groupBy(await run(refusedSince(scope, [...own])), (row) =>
    row.slice(0, 4).map(String).join(' '),
  );
  return long.map(({ first, last, firstRefused, ...door }): Closing => {
    const found = rows.get([door.interface, door.dst, door.port, door.protocol].map(String).join(' ')) ?? [];
    // Both in one hour: some time within it.
    const within = firstRefused === last;
    return {
      ...door,
      acceptedFrom: Math.max(scope.from, first * 3600),
      until: (within ? last : last + 1) * 3600,
      from: (within ? last + 1 : firstRefused) * 3600,
      sources: [...groupBy(found, (row) => readKey(row[4]))]
        .map(([src, some]) => ({
          src,
          active: activeHours(
            some
              .map(([, , , , , hour, flows]) => [Number(hour), Number(flows)] as const)
              .toSorted(([a], [b]) => a - b),
            { first: firstRefused * 3600, last: scope.to - 1 },
          ),
        }))
        .toSorted((a, b) => flowsOf(b.active) - flowsOf(a.active)),
    };
  });
}

const flowsOf = (active: readonly ActiveHour[]): number =>
  active.reduce((sum, { attempts }) => sum + attempts, 0);

async function readOpenedDoors({
  scope,
  own,
  hours,
  session: { run },
}: InvestigationContext): Promise<readonly Opening[]> {
  for (const statement of createOpenedDoors(scope, [...own])) await run(statement);
  const doors = await run(openedDoors());
  if (doors.length === 0) return [];
  const comers = groupBy(await run(comersSince(scope, [...own])), (row) => row.slice(0, 4).map(String).join(' ')); // prettier-ignore
  const answers = new Set((await run(firstAnswers(scope, [...own]))).map((row) => row.slice(0, 3).map(String).join(' '))); // prettier-ignore
  return doors.flatMap(
    ([face, dst, port, protocol, , refused, firstRefused, lastRefused]): readonly Opening[] => {
      const rows = comers.get([face, dst, port, protocol].map(String).join(' ')) ?? [];
      if (rows.length === 0 || !answers.has([dst, port, protocol].map(String).join(' '))) return [];
      const from = Math.min(...rows.map((row) => Number(row[7])));
      const span = hours.known(Number(firstRefused), Math.floor(from / 3600), [readKey(face)]);
      if (span < longHours(hours)) return [];
      return [
        {
          interface: readKey(face),
          dst: readKey(dst),
          port: Number(port),
          protocol: Number(protocol),
          who: 'outside',
          until: Math.min(from, Number(lastRefused) * 3600 + 3599),
          from,
          rejected: Number(refused),
          rejectedSince: Math.max(scope.from, Number(firstRefused) * 3600),
          acceptedUntil: null,
          sources: [...groupBy(rows, (row) => readKey(row[4]))].map(([src, some]) => ({
            src,
            active: some
              .map(([, , , , , hour, records, first, last]) => ({
                hour: Number(hour),
                attempts: Number(records),
                first: Number(first),
                last: Number(last),
                slots: 1,
                bytes: 0,
                longest: 0,
              }))
              .toSorted((a, b) => a.hour - b.hour),
          })),
        },
      ];
    },
  );
}
