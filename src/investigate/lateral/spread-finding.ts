import { doerAt } from '../by-service.ts';
import type { Found } from '../search.ts';
import { movingPorts } from '../../sql/investigate/lateral-spread-queries.ts';
import { byHour, byPort, byTarget } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { namePattern } from '../name-pattern.ts';
import { is, queryJson, toInside } from '../query-json.ts';
import { part, scoreOf } from '../score.ts';
import { whoIs } from '../knock-source.ts';
import { count, counted, duration, iso, list, moment } from '../wording.ts';
import type { Reacher } from './collect-reach.ts';

/** So many destinations have to let it in: what is refused everywhere is a scan. */
const LEAST_LET_IN = 3;
/** A new machine that reaches what another of its kind reaches is one more of them. */
const SAME_AS_PEER = 0.8;
const STEADY = 0.2;

/**
 * The finding that a machine reached many others inside; null where nobody let it in, where it is one more machine of a kind
 * that does, or where it did so now and then without ever being steady.
 */
export function spreadFinding(reacher: Reacher, context: JudgeContext): Found | null {
  const { spread, src, active, ports } = reacher;
  const { enrichment, address, range, hours } = context;
  const firstHour = spread?.first ?? active[0]?.hour ?? hours.first;
  const lastHour = spread?.last ?? active.at(-1)?.hour ?? hours.last;
  const [main] = ports.toSorted((a, b) => b.letIn - a.letIn);
  const letIn = main?.letIn ?? 0;
  if (letIn < LEAST_LET_IN) return null;
  const at = firstHour * 3600;
  const who = whoIs(src, [], at, context);
  const peer = alikePeer(reacher, who.name, at, context);
  if (spread !== null && peer !== null && reacher.seenSince >= spread.first) return null;
  const days = new Set(active.map(({ hour }) => Math.floor(hour / 24)));
  const activeDays = days.size;
  for (let hour = hours.first; hour <= hours.last; hour++)
    if (hours.isKnown(hour, [])) days.add(Math.floor(hour / 24));
  const knownDays = days.size;
  if (spread === null && activeDays < knownDays / 2) return null;

  const reached = spread?.reached ?? reacher.destinations;
  const within = active.filter(({ hour }) => hour >= firstHour && hour <= lastHour);
  const records = within.reduce((sum, one) => sum + one.records, 0);
  const isNewMachine = spread !== null && reacher.seenSince >= spread.first;
  const parts =
    spread === null
      ? [
          part('wide', Math.log10(reached) / 2, 0.5, `${reached} machines`),
          part('steady', activeDays / knownDays, 0.5, `on ${activeDays} of ${count(knownDays, 'day')}`),
        ]
      : [
          part('wide', Math.log10(reached) / 2, 0.35, `${reached} machines for the first time`),
          part(
            'beyond_past',
            reached / (reached + spread.before),
            0.25,
            `${spread.before} before, ${reached} new ones`,
          ),
          part(
            'own_past',
            isNewMachine ? 0 : 1,
            0.15,
            isNewMachine
              ? 'The logs know nothing of this machine before'
              : 'It had been in the logs before, without this',
          ),
          part(
            'let_in',
            letIn / (main?.destinations ?? reached),
            0.15,
            `${letIn} of ${count(main?.destinations ?? reached, 'machine')} let it in at its main port`,
          ),
          part('fast', spread.fastest / reached, 0.1, `${spread.fastest} of them within one hour`),
        ];
  const names = ports.map(({ port }) => {
    const name = enrichment.portName(6, port);
    return name === null ? String(port) : `${port} (likely ${name})`;
  });
  const where = `${ports.length === 1 ? 'port' : 'ports'} ${list(names)}`;
  const { words } = resolveTarget({ dst: src, interface: '', port: null, protocol: null }, at, {
    ...context,
    interfaceId: () => null,
  });
  const filter = [
    ...is('srcaddr', who.address),
    toInside,
    { field: 'dstport', in: [...movingPorts] },
    ...is('protocol', 6),
  ];
  const during = {
    from: Math.max(range.from, firstHour * 3600),
    to: Math.min(range.to, (lastHour + 1) * 3600),
  };
  const firsts = reacher.first.map(address);
  return {
    id: `lateral_spread:${who.address}${spread === null ? ':steady' : ''}`,
    kind: 'lateral_spread',
    score: scoreOf(parts, spread === null ? STEADY : 0.9),
    score_parts: parts,
    verdict: 'accepted',
    target: null,
    target_count: reached,
    ports: ports.map(({ port }) => port),
    sources: [
      {
        ...who,
        attempts: records,
        per_hour: null,
        interval_seconds: null,
        first_seen: iso(during.from),
        last_seen: iso(during.to - 1),
        state: spread === null ? 'steady' : 'new',
      },
    ],
    source_count: 1,
    attempts: records,
    counted: 'records',
    amounts: [
      {
        name: 'machines',
        value: reached,
        unit: 'count',
        text: `${counted(reached, 'machine', 'machines')} reached${spread === null ? '' : ' for the first time'}`,
      },
      ...(spread === null
        ? []
        : [
            { name: 'machines_before', value: spread.before, unit: 'count' as const, text: 'reached before' },
          ]),
    ],
    first_seen: iso(during.from),
    last_seen: iso(during.to - 1),
    coverage: hours.coverage([]),
    hourly: {
      ...hourly([active.map(({ hour, records: attempts }) => ({ hour, attempts }))], [], context),
      measure: 'flows',
    },
    query: queryJson(during, filter, [], ['flows', 'unique_destinations']),
    summary:
      spread === null
        ? `${words} reaches ${count(reached, 'machine')} inside at ${where}, and always did: on ${activeDays} of ${count(knownDays, 'day')}.`
        : `${words} reached ${count(reached, 'machine')} inside for the first time at ${where}, within ${duration(during.to - during.from)} from ${moment(during.from)}; before it had reached ${spread.before === 0 ? 'none' : spread.before}.`,
    evidence: [
      {
        text: `How many machines it reached hour by hour, of all the time`,
        query: queryJson(range, filter, [byHour], ['unique_destinations', 'flows']),
      },
      {
        text: `At which ports: ${list(ports.map(({ port, destinations }) => `${port} of ${count(destinations, 'machine')}`))}`,
        query: queryJson(during, filter, [byPort], ['unique_destinations', 'flows']),
      },
      {
        text: `Whom it reached${spread === null ? '' : ' first then'}: ${list(firsts)}`,
        query: queryJson(
          during,
          [...filter, { field: 'dstaddr', in: firsts }],
          [byTarget],
          ['flows', 'bytes'],
        ),
      },
      {
        text: `What let it in, and what refused it`,
        query: queryJson(during, filter, [{ field: 'action', limit: 5 }], ['unique_destinations', 'flows']),
      },
      ...(isNewMachine
        ? [
            {
              text: 'The logs know nothing of this machine before: it may be a new one that is meant to do this.',
              query: queryJson(range, is('srcaddr', who.address), [byHour], ['flows']),
            },
          ]
        : []),
      {
        text: 'Where both ends log, a connection leaves records at both. Flow logs prove that connections were made, not what for, nor whether a login succeeded.',
        query: null,
      },
    ],
    next_step:
      spread === null
        ? `If ${who.name ?? who.address} is a scanner, a bastion or a tool of yours, name it with --allow-scanner, and it is not listed any more; else find out who runs it.`
        : `Find out ${doerAt(who, at, context)} connected from ${moment(during.from)} on, and who was logged in there; if nobody knows, cut that machine off from the others and keep it as it is.`,
  };
}

/** A machine with a name of the same pattern that reaches most of the same; null: there is none. */
function alikePeer(
  { src, others, spread, destinations }: Reacher,
  name: string | null,
  at: number,
  { enrichment, address }: JudgeContext,
): string | null {
  const pattern = namePattern(name);
  if (pattern === null) return null;
  const reached = spread?.reached ?? destinations;
  const peer = others.find(
    (other) =>
      other.src !== src &&
      other.destinations >= SAME_AS_PEER * reached &&
      namePattern(enrichment.ownAddress(address(other.src), null, at)?.name ?? null) === pattern,
  );
  return peer === undefined ? null : address(peer.src);
}
