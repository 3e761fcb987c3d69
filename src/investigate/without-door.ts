import { entryOf, withArticle } from '../model/catalog/interface-services.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import { portsWords, sentenceCase } from './wording.ts';

/** A place that strangers try, and what the inventory says it belongs to. */
interface TriedPlace {
  /** In a sentence. */
  readonly name: string;
  readonly service: string | null;
  readonly ports: readonly number[];
  readonly protocol: number;
  /** What becomes of the attempts; null: not known. */
  readonly verdict: Finding['verdict'] | null;
}

const UDP = 17;

/**
 * What to do about attempts where nobody can run a program that listens: at gateways, load balancers and services that AWS
 * runs. Null: it can be done there, as on an instance, or nothing is known of it.
 */
export function withoutDoor({ name, service, ports, protocol, verdict }: TriedPlace): string | null {
  if (service === null) return null;
  const entry = entryOf(service);
  const what = withArticle(service);
  const at = ports.length === 0 ? '' : ` at ${portsWords(ports)}`;
  const close =
    verdict === 'rejected'
      ? 'nothing has to be done while its rules reject them'
      : verdict === null
        ? 'see that its rules reject them'
        : `close ${ports.length === 0 ? 'it' : portsWords(ports)} in its security group`;
  switch (entry) {
    case 'machine':
      return null;
    case 'none':
      return `Nothing has to be done: ${name} is an address of ${what}, which lets no connection in${verdict === 'unanswered' ? ', although flow logs say ACCEPT where no rule rejects the packets before' : ''}.`;
    case 'load_balancer':
      return `Leave ${name} in service: nothing can be run on ${what}. Find out whose the sources are, and whether one of its listeners should serve them${at}: if so, look at that listener, its targets and its rules; if not, ${close}.${listenBehind(service, ports, protocol)}`;
    case 'managed':
      return `Leave ${name} in service: nothing of yours can be run on ${what}. Find out whose the sources are, and whether they should reach it${at}: if so, look at its rules and its log; if not, ${close}.`;
    case 'task':
      return `Find out whose the sources are, and whether ${name} should be reached${at}: if so, look at its container and its rules; if not, ${close}. ${sentenceCase(what)} gives its address back when it ends, so nobody can listen there in its place.`;
  }
}

/** How to hear what they send: behind a listener of the load balancer, which passes on what its kind knows. */
function listenBehind(service: string, [port, ...more]: readonly number[], protocol: number): string {
  const passesOn = service === 'network load balancer' ? [6, UDP] : [6];
  if (port === undefined || more.length > 0 || !passesOn.includes(protocol)) return '';
  return ` A listener of it at port ${port} whose only target is an isolated machine that runs \`peephole listen\` would show what they send${service === 'application load balancer' ? ' by HTTP' : ''}.`;
}
