import { greetOption } from '../../../model/visits/greeting.ts';
import { entryOf } from '../../../model/catalog/interface-services.ts';
import type { FindingKind } from '../../../model/knocks/finding-kinds.ts';
import type { Finding } from '../../../model/knocks/knocks.ts';
import { withoutDoor } from '../../without-door.ts';
import { portsWords } from '../../wording.ts';
import { isIcmp } from '../how-counted.ts';
import type { Targets } from '../targets.ts';

/** Ports by which Windows looks for a file server, also where an address is one of a website (WebDAV). */
const windowsPorts: readonly number[] = [135, 137, 138, 139, 445];

/** What is known of strangers beside their targets. */
interface StrangerFacts {
  readonly protocol: number;
  /** Whether all of them were let in before. */
  readonly cutOff: boolean;
  readonly letInSince: boolean;
  readonly othersAnswered: boolean;
  readonly verdict: Finding['verdict'];
  readonly mayBeOne: boolean;
  readonly areServed: boolean;
  readonly areConnectedTo: boolean;
  readonly anyAccepted: boolean;
  /** Whether none were at its interfaces, though elsewhere. */
  readonly noneHere: boolean;
  /** Whether the evidence is strong enough to take a machine out of service. */
  readonly isStrong: boolean;
}

/** What to do about strangers: where the evidence is strong, and a machine can be spared, to listen in its place. */
export function nextStep(
  kind: FindingKind,
  { first, machine, ports, count: targets }: Targets,
  what: StrangerFacts,
): string {
  const name = first.target.name ?? first.target.address;
  // Where no program can be run at any of the targets, nobody can listen there.
  const instead =
    machine === null ? withoutDoor({ ...what, name, service: first.target.service, ports }) : null;
  const there = (machine ?? first).target;
  const machineName = there.name ?? there.address;
  if (instead !== null && entryOf(first.target.service) === 'none') return instead;
  if (what.letInSince)
    return `${name} lets these sources in now: if it was opened for that, ${instead === null ? 'read what they want (`peephole door`)' : 'nothing has to be done'}; if not, find out which of its rules changed, and close it.`;
  if (what.areServed)
    return `Leave ${name} in service: it serves these sources at other ports. Find out by the log of that service whose they are, and why they try ${portsOrIt(ports)} as well${ports.every((port) => windowsPorts.includes(port)) ? ' (Windows looks for file shares there before it opens WebDAV by HTTP)' : ''}; if they should not, block them altogether.`;
  if (what.areConnectedTo)
    return `Leave ${name} in service: it connects to these sources itself. Find out whose they are and whether they should call back at ${portsOrIt(ports)}: if so, correct the address that they call, or let them in; if not, tell them.`;
  if (!what.anyAccepted)
    return `Log accepted flows too (traffic type ALL): without them nobody can tell a client that ${name} serves at other ports from a stranger, so no machine should be taken out of service for this.`;
  if (kind === 'stopped_stranger')
    return instead === null
      ? `Nothing to do now; if it returns, listen on ${machineName} to learn which service is expected there.`
      : 'Nothing to do now; if it returns, find out whose these sources are.';
  if (what.mayBeOne)
    return `Log the field srcport: without it nobody can tell attempts at ${name} from a connection that goes on, so no machine should be taken out of service for this.`;
  if (what.cutOff)
    return `Find out which rule of ${name} changed when the rejections began, and whether these sources are legitimate clients.`;
  if (what.verdict === 'refused' && what.othersAnswered)
    return `The rules of ${name} let these sources in, and it answers others on ${portsOrIt(ports)}: find out what turns these away (its own firewall, an allow list), and whether they are legitimate clients.`;
  if (instead !== null) return instead;
  if (what.verdict === 'refused')
    return `The rules of ${name} let these sources in and nothing listens on ${portsOrIt(ports)}: start the service that belongs there, or close the port.`;
  const udp = what.protocol === 17;
  // Errors of routers on the way look like pings: no reason to take a machine out of service.
  if (isIcmp(what.protocol))
    return `Let ICMP of these sources in to ${machineName} for some minutes and capture it there (tcpdump): an error names the flow that it answers, a ping only who sent it.`;
  if (!what.isStrong)
    return `Find out whose these sources are and whether ${machineName} should be reached${ports.length === 0 ? '' : ` at ${portsWords(ports)}`}: what is known of them is no reason to take a machine out of use. If they go on, \`peephole door plan\` says what it takes to listen for them.`;
  if ((what.protocol !== 6 && !udp) || ports.length === 0)
    return `Take ${machineName} out of service, allow these sources, and capture what they send (tcpdump): flow logs have no payload.`;
  const { address } = there;
  const opened = there.port ?? ports[0];
  const plan = `peephole door plan ${address.includes(':') ? `[${address}]` : address}:${opened}${udp ? '/udp' : ''}`;
  const greet = udp || opened === undefined ? null : greetOption(opened);
  const listen = `peephole listen --port ${udp ? 'udp/' : ''}${opened} --host 0.0.0.0 ::${greet === null ? '' : ` ${greet}`}`;
  const shows = udp
    ? 'what they send shows which service they expect'
    : greet !== null
      ? 'such clients wait for a greeting, and what they send then shows who they are'
      : 'the host name that the sources request (HTTP Host, TLS server name) shows which service they expect';
  const check = what.noneHere
    ? 'Make sure first that the flow log there is of accepted flows too (traffic type ALL). Then take '
    : 'Take ';
  return `${check}${machineName}${targets > 1 ? ' (the machine tried most)' : ''} out of service and isolate it (\`${plan}\` says who would miss it, and how), run \`${listen}\` on it and open the port to the internet: ${shows}.`;
}

function portsOrIt(ports: readonly number[]): string {
  return ports.length === 0 ? 'it' : portsWords(ports);
}
