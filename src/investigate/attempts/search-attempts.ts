import {
  account,
  flowsWithoutAddresses,
  type Accounted,
  type RestKind,
} from '../../sql/investigate/account-queries.ts';
import { dropAll } from '../../sql/investigate/attempts-tables.ts';
import { isOurs } from '../../sql/investigate/scope.ts';
import type { Rest } from '../../model/knocks/knocks.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import type { Found, RuleChange, SearchResult } from '../search.ts';
import { withoutCollectors } from './collectors.ts';
import { collect, namedIn, type CountedReplies, type CountedScan } from './collect.ts';
import { readEnds } from '../interface-ends.ts';
import { areOfOne, repliesTo } from './refused-replies.ts';
import { failingClients, failsAtRestarts, loggedTogether, type FailingClient } from './failing-clients.ts';
import { floodsOf } from './floods.ts';
import { backscatter } from './findings/backscatter.ts';
import { bruteForce } from './findings/brute-force.ts';
import { misconfigured } from './findings/misconfigured.ts';
import { scans } from './findings/scans.ts';
import { strangers } from './findings/strangers.ts';
import { judge, type Judged, type Visitor } from './judge.ts';
import { notesOf } from './notes.ts';
import { withoutDeadPeers } from './one-of-many.ts';
import { notesOnRepliesOut } from './replies-out.ts';
import { restWords } from './rest.ts';
import { isConnectingBack, isOfCalls } from './single-connections.ts';
import { withoutScanners } from './scanning-clients.ts';

export interface AttemptsResult extends SearchResult {
  /** Whether the search was possible: without the field action, attempts cannot be found. */
  readonly looked: boolean;
  /** Rejected flows that no finding accounts for. */
  readonly rest: readonly Rest[];
  /** Rejected flows of sources that a changed rule shut out, by the id of the finding about it. */
  readonly shutOut: ReadonlyMap<string, number>;
}

/**
 * Searches for attempts that are rejected or never answered: strangers, guessing, scans, failing clients, replies. Every
 * rejected flow of the range belongs to one finding or to a line of the rest.
 * @param changes of rules, whose findings account for what none of these findings does
 */
export async function searchAttempts(
  context: InvestigationContext,
  changes: readonly RuleChange[] = [],
): Promise<AttemptsResult> {
  const { run, dialect } = context.session;
  try {
    const collected = await collect(context);
    const words = await judgeContext(context, namedIn(collected));
    const judged = judge(collected, context.hours);
    const reported = new Set(
      [...judged.strangers, judged.guessing, ...judged.campaigns]
        .flat()
        .map(({ src }) => src)
        .filter((src) => !context.isOurs(src)),
    );
    const others = collected.scans.filter(({ scan }) => !reported.has(scan.src));
    const back = others.filter(isConnectingBack);
    const calls = others.filter((one) => !back.includes(one) && isOfCalls(one));
    const scanning = scans(
      others.filter((one) => !back.includes(one) && !calls.includes(one)),
      collected.reachable,
      words,
    );
    const told = new Set(scanning.scanning.map(({ scan }) => scan.src));
    const looking = withoutScanners(judged.inside, context.isOurs, told);
    const living = await withoutDeadPeers(looking.suspects, context);
    const known = await withoutCollectors(living.suspects, context);
    const together = loggedTogether(known.suspects);
    const failing = failingClients(known.suspects, context.hours, await readEnds(together, context, words));
    const clients = failing.filter((one) => !failsAtRestarts(one));
    const rejected = clients.map(({ suspect }) => repliesTo(suspect, collected.replies));
    const toldWithClients = new Set(rejected.flat().filter(areOfOne));
    const floods = floodsOf(collected.replies.filter((reply) => !toldWithClients.has(reply)));
    const endOf = await readEnds(
      [
        ...clients.flatMap(({ suspect }) => suspect.pairs.slice(0, 1)),
        ...collected.replies.flatMap(({ interface: face, dst, from }) =>
          from.map(({ src }) => ({ interface: face, src, dst })),
        ),
      ],
      context,
      words,
    );
    const findings: readonly Found[] = [
      ...judged.strangers.map((group) => strangers(group, words, collected)),
      ...judged.guessing.map((one) => bruteForce([one], words)),
      ...judged.campaigns.map((group) => bruteForce(group, words)),
      ...clients.map((client, at) =>
        misconfigured(client, { neighbours: known.neighbours, endOf, replies: rejected[at] ?? [] }, words),
      ),
      ...scanning.findings,
      ...floods.map((flood) => backscatter(flood, { anyAccepted: collected.anyAccepted, endOf }, words)),
    ];
    const accounted = toldOf(
      judged,
      clients.map((client, at) => ({ ...client, replies: (rejected[at] ?? []).filter(areOfOne) })),
      scanning.scanning,
      floods,
      context.isOurs,
    );
    const otherwise = changes.flatMap(({ rejected: pairs = [] }, index) =>
      pairs.map((pair) => [pair, findings.length + index] as const),
    );
    const counts = await accountFor({ ...accounted, otherwise }, context);
    return {
      findings: findings.map((finding, at) => ({ ...finding, rejected_flows: counts.flows.get(at) ?? 0 })),
      looked: collected.unlogged.tries.length === 0,
      rest: counts.rest,
      shutOut: new Map(changes.map(({ id }, index) => [id, counts.flows.get(findings.length + index) ?? 0])),
      notes: [
        ...(await notesOnRepliesOut(context)),
        ...notesOf(collected, findings, {
          ...judged.left,
          connectBack: judged.left.connectBack + back.length,
          calls: calls.length,
          scans: scanning.left,
          collectors: known.left,
          askMany: living.left,
          restarts: failing.length - clients.length,
          scanners: [...new Set([...looking.left, ...collected.insideScanners])]
            .filter((src) => !told.has(src))
            .map((src) => words.address(src)),
        }),
      ],
    };
  } finally {
    for (const statement of dropAll(dialect)) await run(statement).catch(() => undefined);
  }
}

/** Which rejected pairs belong to each finding, by the index of the finding. */
function toldOf(
  { strangers: groups, guessing, campaigns }: Judged,
  clients: readonly (FailingClient & { readonly replies: readonly CountedReplies[] })[],
  scanning: readonly CountedScan[],
  floods: readonly (readonly CountedReplies[])[],
  isOurs: InvestigationContext['isOurs'],
): Omit<Accounted, 'otherwise'> {
  const sources: Accounted['sources'][number][] = [];
  const pairs: Accounted['pairs'][number][] = [];
  const late: Accounted['replies'][number][] = [];
  let place = 0;
  const tellSources = (visitors: readonly Visitor[]): void => {
    // Of a machine of ours it is what it tries there alone: it may have findings of its own besides.
    for (const { src, suspects } of visitors)
      if (isOurs(src))
        for (const { pairs: tried } of suspects) for (const pair of tried) pairs.push([pair, place]);
      else sources.push([src, place]);
    place++;
  };
  for (const group of groups) tellSources(group);
  for (const one of guessing) tellSources([one]);
  for (const group of campaigns) tellSources(group);
  for (const { suspect, hops, translated, replies } of clients) {
    for (const reply of replies) late.push([reply, place]);
    for (const one of [suspect, ...hops, ...translated])
      for (const pair of one.pairs) pairs.push([pair, place]);
    place++;
  }
  for (const { scan } of scanning) {
    sources.push([scan.src, place]);
    place++;
  }
  for (const flood of floods) {
    for (const reply of flood) late.push([reply, place]);
    place++;
  }
  return { sources, pairs, replies: late };
}

async function accountFor(
  accounted: Accounted,
  { scope, session: { run, dialect }, own }: InvestigationContext,
): Promise<{ readonly flows: ReadonlyMap<number, number>; readonly rest: readonly Rest[] }> {
  const statements = account(accounted, scope, (column) => isOurs(column, [...own], dialect));
  let rows: readonly (readonly unknown[])[] = [];
  for (const statement of statements) rows = await run(statement);
  const flows = new Map<number, number>();
  const rest: Rest[] = [];
  for (const [finding, kind, records, sources] of rows) {
    if (finding !== null) flows.set(Number(finding), (flows.get(Number(finding)) ?? 0) + Number(records));
    else rest.push(restWords(String(kind) as RestKind, Number(records), Number(sources)));
  }
  const [without] = await run(flowsWithoutAddresses(scope));
  const nameless = Number(without?.[0] ?? 0);
  if (nameless > 0) rest.push(restWords('nameless', nameless, 0));
  return { flows, rest: rest.toSorted((a, b) => b.flows - a.flows || (a.kind < b.kind ? -1 : 1)) };
}
