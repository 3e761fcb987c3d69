import type { Evidence, Finding } from '../../model/knocks/knocks.ts';
import { icmpProtocols } from '../../sql/investigate/outbound-hours.ts';
import type { CountedSuspect } from './collect.ts';
import { mayBeOneConnection } from './single-connections.ts';

/** What counts as an attempt of some suspects: records, if connections can't be distinguished for one of them. */
export function countedOf(suspects: readonly CountedSuspect[]): Finding['counted'] {
  return suspects.some(({ portless, pairs }) => portless !== null || !hasConnections(pairs[0]?.protocol))
    ? 'records'
    : 'connections';
}

/** Whether a protocol is ICMP or ICMPv6: pings, and errors about what was sent. Logs do not tell which. */
export function isIcmp(protocol = -1): boolean {
  return icmpProtocols.includes(protocol);
}

export function areAllIcmp(suspects: readonly Pick<CountedSuspect, 'pairs'>[]): boolean {
  return suspects.every(({ pairs: [pair] }) => isIcmp(pair?.protocol));
}

/** Unknown protocols are taken for TCP. */
function hasConnections(protocol = -1): boolean {
  return protocol === 6 || protocol < 0;
}

/** Notes for attempts that are not connections, or for which some records were left out. */
export function countingEvidence(suspects: readonly CountedSuspect[]): readonly Evidence[] {
  const say = (text: string): readonly Evidence[] => [{ text, query: null }];
  const records = 'These records have no source port: each counts as an attempt';
  if (suspects.some(({ portless }) => portless !== null))
    return say(
      suspects.every(mayBeOneConnection)
        ? `${records}, but they come once per window without a pause, like those of one long connection.`
        : `${records}, so a connection that is retried or continues counts in every window.`,
    );
  if (countedOf(suspects) === 'records')
    return say(
      `This protocol has no connections: each flow record counts as an attempt, and covers all packets that one port sent within an aggregation window.${areAllIcmp(suspects) ? ' Flow logs do not tell pings from errors (a router that reports an unreachable address, or a packet too large), which answer something that was sent.' : ''}`,
    );
  return suspects.some(({ letIn }) => letIn !== null)
    ? say('Rejected records of connections that had been accepted are not counted: they end what was open.')
    : [];
}
