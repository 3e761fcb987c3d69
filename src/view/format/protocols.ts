/** IANA protocol numbers that turn up in flow logs. */
// prettier-ignore
export const protocolNames: ReadonlyMap<number, string> = new Map([
  [0, 'hop-by-hop'], [1, 'icmp'], [2, 'igmp'], [4, 'ipv4'], [6, 'tcp'], [17, 'udp'], [41, 'ipv6'], [47, 'gre'],
  [50, 'esp'], [51, 'ah'], [58, 'ipv6-icmp'], [88, 'eigrp'], [89, 'ospf'], [103, 'pim'], [112, 'vrrp'], [132, 'sctp'],
]);
