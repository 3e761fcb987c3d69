import { entryOf, withArticle } from '../../model/catalog/interface-services.ts';
import type { Found } from '../search.ts';
import type { Evidence, Finding, KnockTarget } from '../../model/knocks/knocks.ts';
import type { Key } from '../../sql/key.ts';
import { attemptTimes } from '../attempt-times.ts';
import { byHour, bySource, byTarget, byPort, queryOf, type Selection } from '../evidence.ts';
import { groupBy } from '../group-by.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { part, scoreOf } from '../score.ts';
import { MOST_NAMED, knockSource, whoIs } from '../knock-source.ts';
import { count, counted, iso, moment, portWords, sentenceCase } from '../wording.ts';
import { activeHours } from './presence.ts';
import { linkText, type GoneLink, type Vanished } from './causes.ts';

/** So many sources are listed. */
const MOST_LISTED = 100;
/** How much it matters, 0 to 1. */
const weights = { machine: 1, interface: 1, service: 0.9, source: 0.6, link: 0.5 } as const;

/** Something that was there all the time, and is no more. */
export function vanishedFinding(vanished: Vanished, context: JudgeContext): Found {
  const { hours, range } = context;
  const { gone, what } = vanished;
  const face = interfaceOf(vanished);
  const faces = face === null ? [] : [face];
  const subject = subjectOf(vanished, context);
  const last = gone.lastHour * 3600;
  const sources = sourcesOf(vanished, faces, context);
  const attempts = gone.active.reduce((sum, [, flows]) => sum + flows, 0);
  const from = Math.max(range.from, gone.firstHour * 3600);
  const until = Math.min(range.to, last + 3600);
  const parts = [
    part('what', weights[what], 0.3, `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} is gone`),
    part('steady', (gone.share - 0.9) * 10, 0.2, `there in ${Math.floor(gone.share * 100)} % of the known hours before`),
    part('long', gone.known / 96, 0.2, `there for ${count(gone.known, 'known hour')}`),
    part('silent', gone.silent / 24, 0.2, `gone for ${count(gone.silent, 'known hour')}`),
    part('many', Math.log10(Math.max(1, sources.count)) / 2 + 0.2, 0.1, count(sources.count, 'source')),
  ]; // prettier-ignore
  return {
    id: `vanished:${what}:${subject.id}`,
    kind: 'vanished',
    score: scoreOf(parts, 0.7),
    score_parts: parts,
    verdict: 'accepted',
    target: subject.target,
    target_count: new Set(vanished.links.map(({ dst }) => dst)).size || 1,
    ports: subject.ports,
    sources: sources.listed,
    source_count: sources.count,
    attempts,
    counted: 'records',
    amounts: [
      {
        name: 'silent_hours',
        value: gone.silent,
        unit: 'count',
        text: counted(gone.silent, 'known hour without it at the end', 'known hours without it at the end'),
      },
      {
        name: 'known_hours',
        value: gone.known,
        unit: 'count',
        text: counted(gone.known, 'known hour with it before', 'known hours with it before'),
      },
    ],
    first_seen: iso(from),
    last_seen: iso(until - 1),
    coverage: hours.coverage(faces),
    hourly: hourly([activeHours(gone.active)], faces, context, 'flows'),
    query: queryOf({ from, to: until }, { ...subject.selection, counted: 'records' }, []),
    summary: `${sentenceCase(subject.words)} ${subject.verb} after the hour that began ${moment(last)}: there in ${Math.floor(gone.share * 100)} % of ${count(gone.known, 'known hour')} until then, and in none of ${gone.silent.toLocaleString('en-US')} after, while logs go on.`,
    evidence: evidence(vanished, subject, { from, until }, context),
    next_step: subject.next,
  };
}

interface Subject {
  readonly id: string;
  readonly target: Finding['target'];
  readonly ports: readonly number[];
  /** Selects its flows. */
  readonly selection: Selection;
  readonly words: string;
  readonly verb: string;
  /** What is still sent there; null: that is no question. */
  readonly sentThere: Selection | null;
  readonly next: string;
}

function subjectOf(vanished: Vanished, context: JudgeContext): Subject {
  const { address, interfaceId, enrichment } = context;
  const at = vanished.gone.lastHour * 3600;
  const place = (dst: Key, face: Key | null, port: number | null, protocol: number | null) =>
    resolveTarget({ dst, interface: face, port, protocol }, at, context);
  const ports = [...new Set(vanished.links.map(({ port }) => port))].toSorted((a, b) => a - b);
  switch (vanished.what) {
    case 'machine': {
      const found = place(vanished.address, vanished.interface, null, null);
      const text = address(vanished.address);
      const face = vanished.interface === null ? null : interfaceId(vanished.interface);
      return {
        id: text,
        target: found.target,
        ports,
        selection: { action: 'ACCEPT', sources: [text] },
        words: found.words,
        verb: face === null ? 'sends nothing any more' : `and its interface ${face} have no records any more`,
        sentThere: { targets: [text] },
        next: whatBecame(found.target, face !== null),
      };
    }
    case 'interface': {
      const text = interfaceId(vanished.interface) ?? '-';
      const found =
        vanished.address === null ? null : place(vanished.address, vanished.interface, null, null);
      return {
        id: text,
        target: found?.target ?? null,
        ports,
        selection: { interfaceId: text },
        words: `interface ${text}${found === null ? '' : ` of ${found.words}`}`,
        verb: 'has no records any more',
        sentThere: null,
        next: vanished.stillSends
          ? `Check the flow log of ${text} (CloudTrail: DeleteFlowLogs): other interfaces still log what ${found?.target.address ?? 'its address'} sends, so it is there, and what happens at this interface is unknown since.`
          : `Check whether ${text} was deleted or detached (CloudTrail: DeleteNetworkInterface), or its flow log.`,
      };
    }
    case 'service': {
      const { address: dst, port, protocol } = vanished.service;
      const found = place(dst, vanished.links[0]?.interface ?? null, port, protocol);
      const name = found.target.name ?? found.target.address;
      return {
        id: `${found.target.address}:${port}/${protocol}`,
        target: found.target,
        ports: [port],
        selection: { action: 'ACCEPT', sources: [found.target.address], sourcePorts: [port], protocol },
        words: `${portWords(port, protocol, found.target.likely_service)} of ${found.words}`,
        verb: 'does not answer any more',
        sentThere: { targets: [found.target.address], port, protocol },
        next: `Look whether the service at port ${port} of ${name} runs, and whether it was stopped on purpose; the machine itself still sends.`,
      };
    }
    case 'source': {
      const text = address(vanished.address);
      const who = enrichment.outsideAddress(text);
      const own = vanished.links.filter(({ src }) => src === vanished.address);
      const one = new Set(own.map(({ dst }) => dst)).size === 1 ? own[0] : undefined;
      const found = one === undefined ? null : place(one.dst, one.interface, ports.length === 1 ? one.port : null, one.protocol); // prettier-ignore
      return {
        id: text,
        target: found?.target ?? null,
        ports,
        selection: { action: 'ACCEPT', sources: [text] },
        words: `${text}${who?.name == null ? '' : ` (${who.name})`}, outside your network,`,
        verb: `sends nothing any more${found === null ? '' : ` to ${found.words}`}`,
        sentThere: null,
        next: `Ask whose ${text} is whether it was switched off or moved to another address.`,
      };
    }
    case 'link': {
      const [link] = vanished.links;
      const found = place(link.dst, link.interface, link.port, link.protocol);
      const who = whoIs(link.src, [link.interface], at, context);
      const port = portWords(link.port, link.protocol, found.target.likely_service);
      const others = linksBeside(vanished);
      return {
        id: `${who.address}:${found.target.interface_id ?? '-'}:${found.target.address}:${link.port}/${link.protocol}`,
        target: found.target,
        ports: [link.port],
        selection: { action: 'ACCEPT', sources: [who.address], targets: [found.target.address], port: link.port, protocol: link.protocol, interfaceId: found.target.interface_id },
        words: `the traffic from ${who.name ?? who.address} to ${port} of ${found.words}${others === 0 ? '' : `, and ${count(others, 'more link')},`}`,
        verb: 'has stopped',
        sentThere: null,
        next: `Check whether ${who.name ?? who.address} should still reach port ${link.port} of ${found.target.name ?? found.target.address}: its configuration, its timer, or a deployment may have changed.`,
      }; // prettier-ignore
    }
  }
}

/** What to look for where a machine, or what AWS runs at its address, is gone. */
function whatBecame({ name, address, service }: KnockTarget, withInterface: boolean): string {
  const who = name ?? address;
  switch (entryOf(service)) {
    case 'machine':
      return `Check whether ${who} was stopped or replaced on purpose (CloudTrail: StopInstances, TerminateInstances${withInterface ? ', DeleteNetworkInterface' : ''}); if not, start it and look at its log.`;
    case 'load_balancer':
    case 'task':
      return `Check whether ${who} still works at other addresses: AWS replaces those of ${withArticle(service ?? '')} by itself. If not, find out whether it was deleted on purpose (CloudTrail).`;
    case 'managed':
    case 'none':
      return `Check whether ${who}, ${withArticle(service ?? '')}, was deleted or replaced on purpose (CloudTrail), or has nothing to do any more.`;
  }
}

/** How many links stopped with something; of a link those beside it. */
function linksBeside({ what, links }: Vanished): number {
  return new Set(links.map(linkText)).size - (what === 'link' ? 1 : 0);
}

function evidence(
  vanished: Vanished,
  { selection, sentThere }: Subject,
  { from, until }: { readonly from: number; readonly until: number },
  { range, hours, address }: JudgeContext,
): readonly Evidence[] {
  const { what, links, gone } = vanished;
  const beside = linksBeside(vanished);
  const unknown = Math.floor((range.to - 1) / 3600) - gone.lastHour - gone.silent;
  const addresses = [...new Set(links.map(({ src }) => address(src)))].slice(0, MOST_NAMED);
  const targets = [...new Set(links.map(({ dst }) => address(dst)))].slice(0, MOST_NAMED);
  const linkPorts = [...new Set(links.map(({ port }) => port))].slice(0, MOST_NAMED);
  return [
    { text: 'Its flows per hour', query: queryOf({ from, to: until }, selection, [byHour], ['flows', 'bytes']) },
    { text: `Since then: none in ${count(gone.silent, 'known hour')}`, query: queryOf({ from: until, to: range.to }, selection, [byHour], ['flows']) },
    { text: 'All flows per hour: logs go on', query: queryOf({ from: until, to: range.to }, {}, [byHour], ['flows']) },
    ...(beside === 0
      ? []
      : [{ text: `${count(beside, what === 'link' ? 'more steady link' : 'steady link')} stopped with it`, query: queryOf({ from, to: until }, { action: 'ACCEPT', sources: addresses, targets, ports: linkPorts }, [bySource, byTarget, byPort], ['flows']) }]),
    ...(sentThere === null ? [] : [{ text: 'What is still sent to it since', query: queryOf({ from: until, to: range.to }, sentThere, [bySource, byPort], ['flows']) }]),
    ...(unknown <= 0 ? [] : [{ text: `${count(unknown, 'hour')} since then ${unknown === 1 ? 'has' : 'have'} no logs, or lost records, and count neither way.`, query: null }]),
    ...(hours.loggedCount >= 8 * 24 ? [] : [{ text: 'There are logs of less than a week and a day: a weekly pattern cannot be distinguished from an end.', query: null }]),
    { text: 'Flow logs show that nothing more was recorded; they cannot show whether it failed, was switched off on purpose, or moved to another address.', query: null },
  ]; // prettier-ignore
}

/** Who used it: the sources of its links, or itself. */
function sourcesOf(
  vanished: Vanished,
  faces: readonly Key[],
  context: JudgeContext,
): { readonly listed: Finding['sources']; readonly count: number } {
  const itself = 'address' in vanished ? vanished.address : null;
  const clients = vanished.links.filter(({ src }) => vanished.what === 'source' || src !== itself);
  const byClient = [...groupBy(clients.length > 0 ? clients : vanished.links, ({ src }) => src)];
  const activeClients = byClient.map(([src, links]) => ({ src, active: activeHours(sumOf(links)) }));
  const rows = activeClients.length > 0 || itself === null ? activeClients : [{ src: itself, active: activeHours(vanished.gone.active) }];
  return {
    listed: rows.slice(0, MOST_LISTED).map(({ src, active }) => knockSource(src, attemptTimes(active, context.hours, faces), faces, context)),
    count: rows.length,
  };
} // prettier-ignore

/** The flows of several links by the hour. */
function sumOf(links: readonly GoneLink[]): readonly (readonly [number, number])[] {
  const rows = links.flatMap(({ gone }) => gone.active);
  return [...groupBy(rows, ([hour]) => hour)]
    .map(([hour, some]) => [hour, some.reduce((sum, [, flows]) => sum + flows, 0)] as const)
    .toSorted(([a], [b]) => a - b);
}

function interfaceOf(vanished: Vanished): Key | null {
  if (vanished.what === 'interface' || vanished.what === 'machine') return vanished.interface;
  return vanished.what === 'link' ? vanished.links[0].interface : null;
}
