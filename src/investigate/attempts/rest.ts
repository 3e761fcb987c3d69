import type { Rest } from '../../model/knocks/knocks.ts';
import type { RestKind } from '../../sql/investigate/account-queries.ts';
import { LEAST_ATTEMPTS } from './single-connections.ts';

const texts: Readonly<Record<RestKind, string>> = {
  replies: 'Replies, too few at any one address to be a finding',
  replies_out:
    'Replies of your addresses to others outside, rejected as they left: security groups let replies out, so a network ACL may lack the rule that does (ports 1024 to 65535)',
  inside: 'From addresses inside, without a lasting pattern',
  few: `From sources with fewer than ${LEAST_ATTEMPTS} rejected flows each`,
  scans: 'From sources that tried many targets, a few times each, and not enough to be a scan',
  irregular:
    'From sources that came for too short a time, or at too irregular times, to be a finding, that are accepted at other times or ports, that answer connections of yours, or that sent more on connections that they had',
  nameless: 'Without a source or a destination address',
};

/** A line of the rejected flows that belong to no finding. */
export function restWords(kind: RestKind, flows: number, sources: number): Rest {
  return { kind, what: texts[kind], flows, sources };
}
