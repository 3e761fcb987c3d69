import type { Finding } from '../../model/knocks/knocks.ts';
import type { DoorConclusion, DoorEvidence } from '../../model/visits/door.ts';
import type { Visit } from '../../model/visits/visit.ts';
import type { VisitWant } from '../../model/visits/visit-request.ts';
import { count, list } from '../wording.ts';
import { operatorsOf } from './operators.ts';
import { wantWords } from './want-words.ts';

/** The visits of one address to one port, for conclusions. */
export interface Visitor {
  readonly source: string;
  readonly target: string;
  readonly port: number;
  readonly protocol: Visit['protocol'];
  /** What most of its visits ask for, how many did, and the id of the first of those. */
  readonly want: VisitWant;
  readonly wanting: number;
  readonly example: string;
}

/** Decides whether a name is ours. */
export interface OwnNames {
  /** Whether there is an inventory: without one it is unknown. */
  readonly known: boolean;
  /** @param host in lower case */
  has(host: string): boolean;
}

/** Ids that evidence names. */
const MOST_IDS = 5;
/** Sources that a sentence names. */
const MOST_NAMED = 3;

/**
 * What visits show about a finding. It is solved once more than half of its sources requested the same host name, which is
 * not ours: then it is known which machine they look for. All statements follow from visits, flows or the inventory.
 *
 * @param visitors all visitors of the finding's port, its sources and others
 */
export function concludeFinding(
  finding: Finding,
  port: number,
  visitors: readonly Visitor[],
  own: OwnNames,
): DoorConclusion {
  const theirs = new Set(finding.sources.map(({ address }) => address));
  const visits = visitors.filter(({ source }) => theirs.has(source));
  const came = sourcesOf(visits);
  const all = finding.source_count;
  const noun = finding.kind.endsWith('stranger') ? 'stranger' : 'source';
  const base = {
    finding: { id: finding.id, kind: finding.kind, source_count: all, summary: finding.summary },
    target: { address: finding.target?.address ?? null, port },
    came,
  };
  const knocked: DoorEvidence = { text: finding.summary, query: finding.query, visits: [] };
  const main = mostCommon(visits);
  if (main === null)
    return {
      ...base,
      state: 'open',
      host: '',
      summary: `None of the ${count(all, noun)} came to port ${port} while it was open.`,
      evidence: [knocked],
      missing: [
        `Nothing of ${all === 1 ? 'it' : 'them'} was heard yet. Keep the port open for several times the interval of the attempts, and check that the security group and the network ACL let ${all === 1 ? 'it' : 'them'} in.`,
      ],
      next_step: 'Wait, or see with peephole door plan what stands between them and the port.',
    };
  const { host } = main.want;
  const alike = sourcesOf(main.visitors);
  const asking = new Set(main.visitors.map(({ source }) => source));
  const rest = came - alike;
  const whose = ownershipOf(host, own);
  const solved = whose === 'other' && alike * 2 > all;
  const who = all === 1 ? `The ${noun}` : `${alike} of ${count(all, noun)}`;
  return {
    ...base,
    state: solved ? 'solved' : 'open',
    host,
    summary: `${who} ${wantWords(main.want, alike > 1)}${hostWords(host, whose, alike > 1)}.`,
    evidence: [
      {
        text: `${count(alike, 'address', 'addresses')} did so in ${count(visitsOf(main.visitors), 'visit')}.`,
        query: null,
        visits: main.visitors.slice(0, MOST_IDS).map(({ example }) => example),
      },
      ...othersOf(visits, main.visitors),
      ...operatorsOf(finding.sources.filter(({ address }) => asking.has(address))),
      knocked,
    ],
    missing: missingOf({ all, came, rest, noun, host, whose, main: main.want, own }),
    next_step: nextStepOf(host, whose, solved ? finding.id : null),
  };
}

/** What visits show about a port without a finding: all that came to it, at least one. */
export function concludePort(visitors: readonly Visitor[], own: OwnNames): DoorConclusion {
  const port = visitors[0]?.port ?? 0;
  const main = mostCommon(visitors);
  const all = sourcesOf(visitors);
  const alike = sourcesOf(main?.visitors ?? []);
  const named = `${visitors[0]?.protocol === 'udp' ? 'UDP port' : 'port'} ${port}`;
  const host = main?.want.host ?? '';
  const whose = ownershipOf(host, own);
  const many = alike > 1;
  return {
    finding: null,
    target: { address: visitors[0]?.target ?? null, port },
    state: 'open',
    came: all,
    host,
    summary:
      main === null
        ? `Nobody came to ${named}.`
        : `${all === 1 ? 'The only address' : `${alike} of ${count(all, 'address', 'addresses')}`} that came to ${named} ${wantWords(main.want, many)}${hostWords(host, whose, many)}.`,
    evidence:
      main === null
        ? []
        : [
            {
              text: `${count(visitsOf(main.visitors), 'visit')} of that kind.`,
              query: null,
              visits: main.visitors.slice(0, MOST_IDS).map(({ example }) => example),
            },
          ],
    missing: [
      'No finding is about these visits: without flow logs of the time before, nobody can tell how long they have tried.',
    ],
    next_step: `Take in the flow logs of the machine, and look again: peephole door --port ${port}.`,
  };
}

type Ownership = 'none' | 'address' | 'ours' | 'other' | 'unknown';

/** Who the owner of a requested host name is. */
function ownershipOf(host: string, own: OwnNames): Ownership {
  if (host === '') return 'none';
  // EC2's generated names, such as ec2-54-172-0-1.compute-1.amazonaws.com, say no more than the address.
  if (/^[0-9.]+$/.test(host) || host.includes(':') || /^(ec2|ip)-[0-9-]+\./.test(host)) return 'address';
  // A text without a dot, or with unusual characters, is not a public DNS name.
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(host)) return 'none';
  if (!own.known) return 'unknown';
  return own.has(host) ? 'ours' : 'other';
}

function hostWords(host: string, whose: Ownership, many: boolean): string {
  switch (whose) {
    case 'other':
      return `: ${host} is none of the inventory's names, so ${many ? 'they look' : 'it looks'} for somebody else's machine, most likely a former tenant of the address`;
    case 'ours':
      return `: ${host} is a name of the inventory, so ${many ? 'they mean' : 'it means'} a machine of yours`;
    case 'address':
    case 'none':
    case 'unknown':
      return '';
  }
}

/** @param solved the id of a finding that is solved; null: it is not */
function nextStepOf(host: string, whose: Ownership, solved: string | null): string {
  switch (whose) {
    case 'other':
      return `${solved === null ? 'Tell' : 'Close the port again, and tell'} whoever runs ${host} that its clients still use this address: the registration of the domain says whom to write to (nothing was looked up).${solved === null ? '' : ` If this is wrong: \`peephole findings reopen ${solved}\`.`}`;
    case 'ours':
      return `Find out why clients of ${host} use this address: a DNS record or a configuration of yours names it.`;
    case 'unknown':
      return `Import the inventory (peephole inventory import), so that it is known whether ${host} is yours.`;
    case 'address':
    case 'none':
      return 'Read the visits one by one: headers, paths and bodies may name a product or an owner.';
  }
}

interface MissingFacts {
  readonly all: number;
  readonly came: number;
  readonly rest: number;
  readonly noun: string;
  readonly host: string;
  readonly whose: Ownership;
  readonly main: VisitWant;
  readonly own: OwnNames;
}

function missingOf({ all, came, rest, noun, host, whose, main, own }: MissingFacts): readonly string[] {
  return [
    ...(came < all ? [`${all - came} of ${count(all, noun)} did not come yet.`] : []),
    ...(rest > 0
      ? [`${rest} of those that came ${rest === 1 ? 'wants' : 'want'} something else: see the evidence.`]
      : []),
    ...(main.kind === 'silent'
      ? ['They wait for the server to speak first: listen again with --greet (ssh, smtp, mysql or ftp).']
      : []),
    ...(main.kind === 'tls' && whose === 'none'
      ? ['They name no server: listen again with --tls, which completes the handshake and reads on.']
      : []),
    ...(whose === 'none' && main.kind !== 'silent' && main.kind !== 'tls'
      ? ['They name no machine that they believe to talk to.']
      : []),
    ...(whose === 'address'
      ? [`They use ${host} itself, not a name: only what they ask for shows whose clients they are.`]
      : []),
    ...(own.known ? [] : ['There is no inventory: whether a name or an address is yours is not known.']),
  ];
}

interface Common {
  readonly want: VisitWant;
  readonly visitors: readonly Visitor[];
}

/** What most visitors ask for; of equals the one with most visits. */
function mostCommon(visitors: readonly Visitor[]): Common | null {
  return groupsOf(visitors)[0] ?? null;
}

function groupsOf(visitors: readonly Visitor[]): readonly Common[] {
  const groups = new Map<string, Visitor[]>();
  for (const visitor of visitors) {
    const { kind, host, request, agent } = visitor.want;
    const key = JSON.stringify([kind, host, request, agent]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [visitor]);
    else group.push(visitor);
  }
  return [...groups.values()]
    .map((group) => ({ want: group[0]!.want, visitors: group }))
    .sort(
      (a, b) => sourcesOf(b.visitors) - sourcesOf(a.visitors) || visitsOf(b.visitors) - visitsOf(a.visitors),
    );
}

/** Sources of a finding that request something else, one line for each kind. */
function othersOf(all: readonly Visitor[], main: readonly Visitor[]): readonly DoorEvidence[] {
  const rest = all.filter((visitor) => !main.includes(visitor));
  return groupsOf(rest)
    .slice(0, MOST_IDS)
    .map(({ want, visitors }) => ({
      text: `${list(
        [...new Set(visitors.map(({ source }) => source))],
        MOST_NAMED,
      )} ${wantWords(want, visitors.length > 1)}.`,
      query: null,
      visits: visitors.slice(0, MOST_IDS).map(({ example }) => example),
    }));
}

/** How many visits ask for what most of each visitor's do. */
function visitsOf(visitors: readonly Visitor[]): number {
  return visitors.reduce((sum, { wanting }) => sum + wanting, 0);
}

/** One address that came to two addresses of the machine is one. */
function sourcesOf(visitors: readonly Visitor[]): number {
  return new Set(visitors.map(({ source }) => source)).size;
}
