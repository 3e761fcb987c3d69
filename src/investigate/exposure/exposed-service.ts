import type { Found } from '../search.ts';
import type { Evidence, Finding, KnockSource } from '../../model/knocks/knocks.ts';
import { attemptTimes } from '../attempt-times.ts';
import { byHour, byPort, bySource, queryOf, type Selection } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { part, scoreOf } from '../score.ts';
import { knockSource } from '../knock-source.ts';
import { count, counted, iso, list, moment } from '../wording.ts';
import { exposedPort, groupWeights } from './exposed-ports.ts';
import type { CountedExposure } from './exposures.ts';
import { type RuleHistory, ruleHistory } from './rule-history.ts';

/** So few sources, each of which comes for long, are probably on an allow list. */
const FEW_SOURCES = 3;
/** … if the logs are so long that others would have come, or others were refused. Hours. */
const LONG_ENOUGH = 24;
/** A link carries so many ports at most. */
const MOST_PORTS = 200;

/** A machine of ours with ports that outsiders were let in at and, but for many ports, that answered them. */
export function exposedService(exposure: CountedExposure, context: JudgeContext): Found {
  const { doors, active, sources: listed } = exposure;
  const { hours } = context;
  const [door] = doors;
  if (door === undefined) throw new TypeError('an exposure without a door');
  const faces = [door.interface];
  const first = Math.min(...active.map((hour) => hour.first));
  const last = Math.max(...active.map((hour) => hour.last));
  const ports = [...new Set(doors.map(({ port }) => port))].toSorted((a, b) => a - b);
  const place = { ...door, port: ports.length === 1 ? door.port : null };
  const at = resolveTarget(place, last, context);
  const sources = listed.map((source) =>
    knockSource(source.src, attemptTimes(source.active, hours, faces), faces, context),
  );
  const named = exposure.sourceCount <= sources.length ? sources.map(({ address }) => address) : [];
  const selection: Selection = {
    action: 'ACCEPT',
    targets: [at.target.address],
    ...(ports.length > MOST_PORTS ? {} : { ports }),
    protocol: door.protocol,
    interfaceId: at.target.interface_id,
    sources: named.length > 0 ? named : sources.map(({ address }) => address),
    counted: 'records',
  };
  const story = { ...history(exposure, context), sources, ports, first, last };
  const parts = scoreParts(exposure, story, context);
  const open = story.words;
  const who = count(exposure.sourceCount, 'public source', 'public sources');
  const name = at.target.name ?? at.target.address;
  return {
    id: `exposed_service:${at.target.interface_id ?? '-'}:${at.target.address}:${exposure.what.replaceAll(' ', '_')}`,
    kind: 'exposed_service',
    score: scoreOf(parts, exposure.answered === 0 ? 0.45 : story.restricted ? 0.35 : 0.85),
    score_parts: parts,
    verdict: exposure.answered === 0 ? 'unanswered' : 'accepted',
    target: at.target,
    target_count: 1,
    ports,
    sources,
    source_count: exposure.sourceCount,
    attempts: active.reduce((sum, { attempts }) => sum + attempts, 0),
    counted: 'records',
    amounts: [
      { name: 'answered_sources', value: exposure.answered, unit: 'count', text: counted(exposure.answered, 'public source that was answered', 'public sources that were answered') },
      { name: 'open_ports', value: ports.length, unit: 'count', text: counted(ports.length, 'port at which public sources were accepted', 'ports at which public sources were accepted') },
    ], // prettier-ignore
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly([active], faces, context, 'flows'),
    query: queryOf(context.range, selection, []),
    summary:
      exposure.what === 'many ports'
        ? `${at.words} accepts connections from the internet at ${ports.length.toLocaleString('en-US')} TCP ports${dangerous(exposure)}: ${who} came, ${exposure.answered === 0 ? 'none was answered' : `${exposure.answered.toLocaleString('en-US')} of them ${exposure.answered === 1 ? 'was' : 'were'} answered`}, ${open}.`
        : `${whatIs(exposure)} of ${at.words} ${story.restricted ? 'is open to a few public addresses' : 'is reached from the internet'}: ${who} came and ${exposure.answered === exposure.sourceCount ? '' : `${exposure.answered.toLocaleString('en-US')} of them `}${exposure.answered === 1 ? 'was' : 'were'} answered, ${open}.`,
    evidence: evidence(exposure, story, selection, context),
    next_step: story.restricted
      ? `Check that ${list(sources.map(({ address }) => address))} should reach ${name} here, for example a partner's bastion; if not, remove the rule.`
      : exposure.what === 'many ports'
        ? `Replace the rule that opens all these ports of ${name} by one for each port that it needs, and look at what listens there.`
        : `Close ${list(ports.map((port) => `port ${port}`))} of ${name} to the internet: allow only the addresses that need it, or use a VPN or Session Manager, and search its log for who came.`,
  };
}

interface History extends RuleHistory {
  readonly restricted: boolean;
  /** As a sentence says it. */
  readonly words: string;
}

function history(exposure: CountedExposure, { hours, range }: JudgeContext): History {
  const openAt = exposure.firstAnswer ?? Math.min(...exposure.active.map((hour) => hour.first));
  const last = Math.max(...exposure.active.map((hour) => hour.last));
  const rule = ruleHistory(exposure, openAt, last, hours);
  const { openHour, lastHour } = rule;
  const faces = exposure.doors.map((door) => door.interface);
  const known = hours.known(hours.first, hours.last, faces);
  const few = exposure.sourceCount <= FEW_SOURCES && exposure.what !== 'many ports';
  const long = Math.min(LONG_ENOUGH, hours.loggedCount / 2);
  const lasting = lastHour - openHour >= long;
  const eachLasts = exposure.sources.every(({ active }) => {
    const at = active.map(({ hour }) => hour);
    return Math.max(...at) - Math.min(...at) >= long;
  });
  // Rejected before and after, without a rule that changed: it is the same one that lets these in.
  const chosen = rule.before && rule.after && !rule.opened && !rule.closed;
  const since =
    openHour <= Math.floor(range.from / 3600)
      ? 'since the logs begin or longer'
      : rule.opened
        ? `since ${moment(openAt)} (rejected before)`
        : `first seen ${moment(openAt)}`;
  return {
    ...rule,
    // Who came for an hour, such as somebody who guesses, came because anybody can, unless others are rejected.
    restricted: few && (chosen || (lasting && (rule.between || (known >= LONG_ENOUGH && eachLasts)))),
    // Where others are rejected all the time, that they are rejected later too does not show that it was closed.
    words: `${since}${rule.closed ? `; last used ${moment(last)}, rejected after that` : ''}`,
  };
}

function scoreParts(
  exposure: CountedExposure,
  {
    before,
    between,
    opened,
    restricted,
    ports,
    last,
  }: History & { readonly ports: readonly number[]; readonly last: number },
  { range, hours }: JudgeContext,
): Finding['score_parts'] {
  const weight = exposure.what === 'many ports' ? 1 : groupWeights[exposure.what];
  const share = hours.share(range.from, last);
  const openedWords = opened
    ? 'rejected before, so it was opened in this range'
    : between
      ? 'some were rejected before it was used, and some after: whether a rule changed is unknown'
      : before
        ? 'others were rejected before it was used, too few to tell whether a rule changed'
        : 'no change seen in this range';
  return [
    part('what', weight, 0.35, exposure.what === 'many ports' ? count(ports.length, 'open port') : `a port for ${exposure.what}`),
    part('answers', (exposure.spoke ?? 0) > 0 ? 1 : exposure.answered > 0 ? 0.6 : 0, 0.2, (exposure.spoke ?? 0) > 0 ? 'sources were answered with data' : exposure.answered > 0 ? 'sources were answered, as far as can be told without data' : 'nothing answered'),
    part('who', Math.log10(Math.max(1, exposure.sourceCount)) / 3, 0.2, count(exposure.sourceCount, 'public source')),
    part('lately', share, 0.1, `used until ${moment(last)}`),
    part('opened', opened ? 1 : 0.3, 0.15, openedWords),
    ...(restricted ? [part('few', 0, 0.2, `only ${count(exposure.sourceCount, 'source')} came${between || (before && !opened) ? ' and others are rejected' : ''}`)] : []),
  ]; // prettier-ignore
}

function evidence(
  exposure: CountedExposure,
  story: History & { readonly sources: readonly KnockSource[]; readonly ports: readonly number[] },
  selection: Selection,
  { range }: JudgeContext,
): readonly Evidence[] {
  const { sources, ports } = story;
  const addresses = sources.map(({ address }) => address);
  const countries = new Set(sources.flatMap(({ country }) => country ?? []));
  const refusals = { ...selection, action: 'REJECT' as const, sources: [] };
  const from =
    countries.size === 0
      ? ''
      : `, from ${count(countries.size, 'country', 'countries')} (${list([...countries], 6)})`;
  const before = exposure.refused.filter(({ hour }) => hour < story.openHour);
  const since = exposure.refused.filter(({ hour }) => hour > story.openHour && hour < story.lastHour);
  const after = exposure.refused.filter(({ hour }) => hour > story.lastHour);
  const flows = (some: CountedExposure['refused']): string =>
    count(
      some.reduce((sum, one) => sum + one.flows, 0),
      'rejected flow',
    );
  return [
    {
      text: `${sources.length < exposure.sourceCount ? `The ${sources.length} busiest of ` : ''}${count(exposure.sourceCount, 'public source')} accepted here${from}`,
      query: queryOf(range, selection, [bySource, byPort], ['flows', 'bytes']),
    },
    {
      text: `Replies to them: ${count(exposure.answered, 'source was', 'sources were')} answered${exposure.spoke === null ? '; the logs have no bytes or no packets to tell data from TCP resets' : ` with more than a TCP reset, ${exposure.spoke.toLocaleString('en-US')} of them with data`}`,
      query: queryOf(
        range,
        { action: 'ACCEPT', sources: selection.targets ?? [], targets: addresses, sourcePorts: ports.length > MOST_PORTS ? [] : ports, protocol: selection.protocol ?? null },
        [{ field: 'srcport', limit: 50 }, { field: 'dstaddr', limit: 50 }],
        ['flows', 'packets', 'bytes'],
      ),
    }, // prettier-ignore
    { text: 'Accepted flows of these sources per hour', query: queryOf(range, selection, [byHour], ['flows']) },
    ...(before.length === 0
      ? []
      : [{ text: `Before that, outside sources were rejected here: ${flows(before)}.`, query: queryOf({ from: range.from, to: story.openHour * 3600 }, refusals, [byHour, bySource], ['flows']) }]),
    ...(since.length === 0
      ? []
      : [{ text: `Other sources are rejected at the same ${ports.length === 1 ? 'port' : 'ports'} meanwhile (${flows(since)}): a rule seems to choose who may come.`, query: queryOf({ from: Math.max(range.from, story.openHour * 3600), to: range.to }, refusals, [bySource, byHour], ['flows']) }]),
    ...(after.length === 0
      ? []
      : [{ text: `${story.closed ? 'Since then' : `After the last accepted flow${story.between ? ' too' : ''}, other`} outside sources are rejected here: ${flows(after)}.`, query: queryOf({ from: (story.lastHour + 1) * 3600, to: range.to }, refusals, [byHour, bySource], ['flows']) }]),
    ...(story.between || (before.length === 0 && after.length === 0) || story.opened || story.closed
      ? []
      : [{ text: 'That nobody was rejected in between may be chance: these are too few to show that a rule changed.', query: null }]),
    ...(story.restricted
      ? [{ text: `Only ${count(exposure.sourceCount, 'public source')} ever came: this may be an allow list, for example for a partner.`, query: queryOf(range, { ...selection, sources: [] }, [bySource], ['flows']) }]
      : []),
    {
      text: 'Flow logs show that packets were let in and that something answered; they cannot show what listens, whether it asks for a password, or who knows one.',
      query: null,
    },
  ]; // prettier-ignore
}

/** `SSH (port 22)`, `MySQL (port 3306) and Redis (port 6379)`. */
function whatIs({ doors }: CountedExposure): string {
  const names = doors.map(({ port, protocol }) => {
    const what = exposedPort(port, protocol)?.what ?? 'a service';
    return `${what} (${protocol === 17 ? 'UDP ' : ''}port ${port})`;
  });
  return list([...new Set(names)]);
}

function dangerous({ doors }: CountedExposure): string {
  const names = doors.flatMap(({ port, protocol }) => {
    const known = exposedPort(port, protocol);
    return known === undefined ? [] : [`${port} (${known.what})`];
  });
  return names.length === 0 ? '' : `, among them ${list([...new Set(names)])}`;
}
