import type { Found } from '../search.ts';
import { MOST_PAIRS, MOST_SCANNERS } from '../../sql/investigate/candidate-queries.ts';
import type { Collected } from './collect.ts';
import { count, list } from '../wording.ts';
import type { Judged } from './judge.ts';

const MOST_LISTED = 10;

/** Without these fields, attempts cannot be found. */
export function nothingFor(fields: readonly string[]): string {
  return `Nothing could be investigated: the logs have no ${list(fields)}.`;
}

/**
 * What an investigation left out, and what these logs don't show: a sentence each.
 * @param left how many of each kind are not among the findings, and why
 */
export function notesOf(
  { portlessFlows, full, anyAccepted, unlogged: missing }: Collected,
  findings: readonly Found[],
  left: Judged['left'] & {
    readonly scans: number;
    readonly calls: number;
    readonly collectors: number;
    readonly askMany: number;
    readonly restarts: number;
    /** Their addresses. */
    readonly scanners: readonly string[];
  },
): readonly string[] {
  if (missing.tries.length > 0) return [nothingFor(missing.tries)];
  const number = (value: number): string => value.toLocaleString('en-US');
  return [
    ...(anyAccepted
      ? []
      : [
          "These logs have no accepted flows. So nobody can tell clients that are served at other ports, or were accepted before, from strangers; nor late replies from those that nobody asked for. Exposed services, and all else that is accepted, can't be found. The traffic type ALL of a flow log has what is missing.",
        ]),
    ...(portlessFlows === 0
      ? []
      : [
          `${count(portlessFlows, 'rejected flow')} ${portlessFlows === 1 ? 'has' : 'have'} no source port. There every record counts as an attempt, even if it continues a connection; rejected replies can't be distinguished from attempts, so flows to ports from 32,768 up are not counted as scans.`,
        ]),
    ...(missing.answers.length === 0
      ? []
      : [
          `Sources that were accepted but refused by the machine, or never answered, could not be searched for: the logs have no ${list(missing.answers)}.`,
        ]),
    ...(!['packets', 'bytes'].every((name) => missing.answers.includes(name))
      ? []
      : [
          'Without packets and bytes, whoever is accepted at a port counts as served there: nobody can tell whether anything was sent.',
        ]),
    ...(left.cut === 0
      ? []
      : [
          `${count(left.cut, 'source was', 'sources were')} accepted at first, and then rejected once per window without a pause: without source ports that looks like ${left.cut === 1 ? 'a connection' : 'connections'} that a rule change interrupted, so no attempts are counted.`,
        ]),
    ...(left.fewConnections === 0
      ? []
      : [
          `${count(left.fewConnections, 'source')} sent again and again from the same source ports, like connections that go on: their records are not taken for attempts.`,
        ]),
    ...(left.letIn === 0
      ? []
      : [
          `${count(left.letIn, 'source was', 'sources were')} rejected at times at a target that accepted and answered ${left.letIn === 1 ? 'it' : 'them'} at others: no rule keeps ${left.letIn === 1 ? 'it' : 'them'} out for good, so ${left.letIn === 1 ? 'it is' : 'they are'} not among the findings.`,
        ]),
    ...(left.servedElsewhere === 0
      ? []
      : [
          `${count(left.servedElsewhere, 'source was', 'sources were')} rejected at one port of a machine that served ${left.servedElsewhere === 1 ? 'it' : 'them'} at another all the while, as browsers are that try port 80 or UDP before TCP port 443: clients of that machine, so ${left.servedElsewhere === 1 ? 'it is' : 'they are'} not among the findings.`,
        ]),
    ...(left.connectBack === 0
      ? []
      : [
          `${count(left.connectBack, 'source tries', 'sources try')} to connect only as a machine of yours connects to ${left.connectBack === 1 ? 'it' : 'them'}, or while such a connection is open, and ${left.connectBack === 1 ? 'is' : 'are'} rejected: so do mail servers that ask who connects (ident), servers that look for open proxies, and FTP servers. ${left.connectBack === 1 ? 'It is' : 'They are'} not among the findings.`,
        ]),
    ...(left.calls === 0
      ? []
      : [
          `${count(left.calls, 'source')} sent datagrams to many high ports of a machine that served ${left.calls === 1 ? 'it' : 'them'} all the while, as calls (WebRTC, SIP) do: ${left.calls === 1 ? 'it is' : 'they are'} not among the findings.`,
        ]),
    ...(left.collectors === 0
      ? []
      : [
          `${count(left.collectors, 'address', 'addresses')} inside ${left.collectors === 1 ? 'gets' : 'get'} datagrams that need no answer, and ${left.collectors === 1 ? 'sends' : 'send'} nothing: a collector, or nothing at all. These logs can't tell which.`,
        ]),
    ...(left.askMany === 0
      ? []
      : [
          `${count(left.askMany, 'machine')} inside ${left.askMany === 1 ? 'asks' : 'ask'} many servers outside for names or delivers mail to them, and some of these never answer: that is no failure of ${left.askMany === 1 ? 'its' : 'their'} own, so it is not among the findings.`,
        ]),
    ...(left.restarts === 0
      ? []
      : [
          `${count(left.restarts, 'client')} inside ${left.restarts === 1 ? 'was' : 'were'} refused or not answered in about one burst a day, at a port that answered others: so it is when a service restarts, so ${left.restarts === 1 ? 'it is' : 'they are'} not among the findings.`,
        ]),
    ...(left.scanners.length === 0
      ? []
      : [
          `${list(left.scanners, MOST_LISTED)} inside ${left.scanners.length === 1 ? 'is' : 'are'} refused or never answered at more than a dozen targets that the rules let ${left.scanners.length === 1 ? 'it' : 'them'} try: ${left.scanners.length === 1 ? 'it looks for services and is no misconfigured client' : 'they look for services and are no misconfigured clients'}, so these attempts are not among the findings.`,
        ]),
    ...(left.scans === 0
      ? []
      : [
          `${count(left.scans, 'more source scans', 'more sources scan')}: only the busiest are listed as findings.`,
        ]),
    ...(full.pairs
      ? [`Only the ${number(MOST_PAIRS)} busiest pairs of source and target were examined.`]
      : []),
    ...(full.scanners ? [`Only the ${number(MOST_SCANNERS)} busiest scanners were examined.`] : []),
    ...(full.replies
      ? [`Only the ${number(MOST_SCANNERS)} busiest addresses that reject replies were examined.`]
      : []),
    ...findings.flatMap(({ sources, source_count: all, target, ports }) =>
      all <= sources.length
        ? []
        : [
            `The ${number(sources.length)} busiest of ${number(all)} sources at ${target?.address ?? 'many addresses'}${ports.length === 1 ? `, port ${ports[0]}` : ''} are listed; all are counted.`,
          ],
    ),
  ];
}
