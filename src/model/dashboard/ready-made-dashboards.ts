import type { DashboardContent, Tile, TileSubject } from './dashboard.ts';

const REJECTED = 'f=action:REJECT';
const INBOUND = 'f=direction:inbound';
const OUTBOUND = 'f=direction:outbound';
const INSIDE = 'f=direction:internal';
/** Those that services have: above are mostly answers to clients. */
const SERVICE_PORTS = 'f=dstport.between:..32767';

type Cell = readonly [x: number, y: number, w: number, h: number];

function tile(id: string, title: string, [x, y, w, h]: Cell, subject: TileSubject): Tile {
  return { id, title, x, y, w, h, ...subject };
}

function view(id: string, title: string, cell: Cell, ...pairs: readonly string[]): Tile {
  return tile(id, title, cell, { kind: 'view', link: linkOf(pairs) });
}

function figure(id: string, title: string, x: number, ...pairs: readonly string[]): Tile {
  return tile(id, title, [x, 0, 3, 3], { kind: 'figure', link: linkOf(pairs) });
}

function list(id: string, title: string, cell: Cell, field: string, ...pairs: readonly string[]): Tile {
  // As many rows as the tile shows at once.
  const limit = Math.floor((cell[3] * 44 - 70) / 26);
  return tile(id, title, cell, { kind: 'list', link: linkOf(pairs), field, limit });
}

function byFields(...fields: readonly string[]): DashboardContent['variables'] {
  return fields.map((field) => ({ field, label: '' }));
}

function linkOf(pairs: readonly string[]): string {
  return `?${['v=1', ...pairs].join('&')}`;
}

/** The dashboards that every store has from the first start, by id. */
export const readyMadeDashboards: Readonly<Record<string, DashboardContent>> = {
  overview: {
    name: 'Overview',
    description: 'How much traffic there is, what is refused, and who is behind it.',
    link: '?v=1&compare=previous',
    variables: byFields('account_id', 'vpc_id'),
    tiles: [
      figure('flows', 'Flows', 0, 'm=flows'),
      figure('bytes', 'Bytes', 3, 'm=bytes'),
      figure('rejected', 'Rejected flows', 6, REJECTED, 'm=flows'),
      figure('sources', 'Source addresses', 9, 'm=unique_sources'),
      view(
        'actions',
        'Accepted and rejected',
        [0, 3, 8, 7],
        'split=action',
        'split=time',
        'm=flows',
        'show=area',
      ),
      list('actors', 'Top sources', [8, 3, 4, 7], 'srcaddr', 'm=flows'),
      view('paths', 'Source to port to destination', [0, 10, 8, 10], 'split=srcaddr~10', 'split=dstport~10', 'split=dstaddr~10', 'm=flows', 'show=sankey'), // prettier-ignore
      list('ports', 'Top destination ports', [8, 10, 4, 5], 'dstport', 'm=flows'),
      list('protocols', 'Protocols', [8, 15, 4, 5], 'protocol', 'm=bytes'),
    ],
  },
  rejected: {
    name: 'Rejected',
    description: 'What security groups and network ACLs refuse: from where, to what, and how steadily.',
    link: '?v=1&compare=previous',
    variables: byFields('dstaddr', 'dstport'),
    tiles: [
      figure('flows', 'Rejected flows', 0, REJECTED, 'm=flows'),
      figure('share', 'Share of all flows', 3, 'm=rejected_share'),
      figure('sources', 'Source addresses', 6, REJECTED, 'm=unique_sources'),
      figure('targets', 'Destination addresses', 9, REJECTED, 'm=unique_destinations'),
      view('time', 'Rejected by destination port', [0, 3, 8, 7], REJECTED, 'split=dstport~7', 'split=time', 'm=flows', 'show=area'), // prettier-ignore
      list('countries', 'Countries', [8, 3, 4, 7], 'src_country', REJECTED, 'm=flows'),
      view('steady', 'Sources over time', [0, 10, 12, 11], REJECTED, 'split=srcaddr~25', 'split=time', 'm=flows', 'show=table'), // prettier-ignore
      view('matrix', 'Targets by port', [0, 21, 8, 9], REJECTED, 'split=dstaddr~20', 'split=dstport~12', 'm=flows', 'show=heat'), // prettier-ignore
      tile('findings', 'Findings', [8, 21, 4, 9], {
        kind: 'findings',
        kinds: ['persistent_stranger', 'new_stranger', 'brute_force', 'scan', 'guessing_succeeded'],
        limit: 10,
      }),
    ],
  },
  internet: {
    name: 'From and to the internet',
    description: 'What comes in from outside and what goes out, by country, operator and service.',
    link: '?v=1&compare=previous',
    variables: byFields('src_country', 'dst_country'),
    tiles: [
      figure('in', 'Bytes in', 0, INBOUND, 'm=bytes'),
      figure('out', 'Bytes out', 3, OUTBOUND, 'm=bytes'),
      figure('callers', 'Addresses that called', 6, INBOUND, 'm=unique_sources'),
      figure('called', 'Addresses called', 9, OUTBOUND, 'm=unique_destinations'),
      view('ways', 'In and out', [0, 3, 12, 6], 'f=direction:inbound,outbound', 'split=direction', 'split=time', 'm=bytes', 'show=lines'), // prettier-ignore
      list('from', 'In: countries', [0, 9, 3, 7], 'src_country', INBOUND, 'm=bytes'),
      list('networks-in', 'In: operators', [3, 9, 3, 7], 'src_as_name', INBOUND, 'm=bytes'),
      list('to', 'Out: countries', [6, 9, 3, 7], 'dst_country', OUTBOUND, 'm=bytes'),
      list('networks-out', 'Out: operators', [9, 9, 3, 7], 'dst_as_name', OUTBOUND, 'm=bytes'),
      view('open', 'Accepted from outside, ports below 32768', [0, 16, 6, 9], INBOUND, SERVICE_PORTS, 'f=action:ACCEPT', 'split=dstaddr~10', 'split=dstport~5', 'm=flows', 'show=table'), // prettier-ignore
      view('leaving', 'Going out', [6, 16, 6, 9], OUTBOUND, 'split=srcaddr~10', 'split=dstaddr~5', 'm=bytes', 'show=table'), // prettier-ignore
    ],
  },
  inside: {
    name: 'Inside',
    description: 'Traffic between your own addresses, and what is rejected there.',
    link: '?v=1&compare=previous',
    variables: byFields('srcaddr', 'dstaddr'),
    tiles: [
      figure('flows', 'Flows inside', 0, INSIDE, 'm=flows'),
      figure('bytes', 'Bytes inside', 3, INSIDE, 'm=bytes'),
      figure('rejected', 'Rejected inside', 6, INSIDE, REJECTED, 'm=flows'),
      figure('connections', 'Connections inside', 9, INSIDE, 'm=connections'),
      view('time', 'By destination port below 32768', [0, 3, 8, 7], INSIDE, SERVICE_PORTS, 'split=dstport~7', 'split=time', 'm=bytes', 'show=area'), // prettier-ignore
      list('refused', 'Refused: destination ports', [8, 3, 4, 7], 'dstport', INSIDE, REJECTED, 'm=flows'),
      view('matrix', 'Who talks to whom', [0, 10, 7, 11], INSIDE, 'split=srcaddr~25', 'split=dstaddr~25', 'm=bytes', 'show=heat'), // prettier-ignore
      tile('findings', 'Findings', [7, 10, 5, 11], {
        kind: 'findings',
        kinds: ['misconfigured_client', 'lateral_spread', 'vanished', 'rejected_after_change'],
        limit: 10,
      }),
    ],
  },
  talkers: {
    name: 'Talkers',
    description: 'Which addresses, interfaces and ports move the most bytes.',
    link: '?v=1&compare=previous',
    variables: byFields('interface_id', 'protocol'),
    tiles: [
      figure('bytes', 'Bytes', 0, 'm=bytes'),
      figure('packets', 'Packets', 3, 'm=packets'),
      figure('senders', 'Senders', 6, 'm=unique_sources'),
      figure('receivers', 'Receivers', 9, 'm=unique_destinations'),
      view('time', 'Bytes by sender', [0, 3, 12, 7], 'split=srcaddr~8', 'split=time', 'm=bytes', 'show=area'),
      view('senders-bars', 'Senders', [0, 10, 4, 9], 'split=srcaddr~25', 'm=bytes', 'show=bars'),
      view('receivers-bars', 'Receivers', [4, 10, 4, 9], 'split=dstaddr~25', 'm=bytes', 'show=bars'),
      view('ports-bars', 'Destination ports below 32768', [8, 10, 4, 9], SERVICE_PORTS, 'split=dstport~25', 'm=bytes', 'show=bars'), // prettier-ignore
      view('pairs', 'Pairs', [0, 19, 12, 10], 'split=srcaddr~15', 'split=dstaddr~3', 'm=bytes,packets', 'show=table'), // prettier-ignore
    ],
  },
  cost: {
    name: 'Cost',
    description:
      'Where traffic is likely to cost money: out to the internet, and between zones and services.',
    link: '?v=1&compare=previous',
    variables: byFields('account_id', 'region'),
    tiles: [
      figure('out', 'Bytes to the internet', 0, OUTBOUND, 'f=action:ACCEPT', 'm=bytes'),
      figure('inside', 'Bytes inside', 3, INSIDE, 'f=action:ACCEPT', 'm=bytes'),
      figure('all', 'All bytes', 6, 'm=bytes'),
      figure('destinations', 'Destinations outside', 9, OUTBOUND, 'm=unique_destinations'),
      view('time', 'Bytes out by sender', [0, 3, 8, 7], OUTBOUND, 'split=srcaddr~8', 'split=time', 'm=bytes', 'show=area'), // prettier-ignore
      tile('findings', 'Estimated cost', [8, 3, 4, 7], { kind: 'findings', kinds: ['cost'], limit: 10 }),
      list('countries', 'To countries', [0, 10, 4, 7], 'dst_country', OUTBOUND, 'm=bytes'),
      list('operators', 'To operators', [4, 10, 4, 7], 'dst_as_name', OUTBOUND, 'm=bytes'),
      list('services', 'AWS services', [8, 10, 4, 7], 'pkt_dst_aws_service', 'm=bytes'),
      view('pairs', 'Largest flows out', [0, 17, 12, 9], OUTBOUND, 'split=srcaddr~10', 'split=dstaddr~3', 'm=bytes,flows', 'show=table'), // prettier-ignore
      tile('note', '', [0, 26, 12, 2], {
        kind: 'text',
        text: 'Bytes are what the flow logs say: both ends of a flow inside log it, and the bill may differ. The findings of *Traffic cost* estimate amounts of money, with the prices that they were made with.',
      }),
    ],
  },
  'dns-and-time': {
    name: 'DNS and time',
    description:
      'Name resolution and clocks (ports 53, 853 and 123): which servers are asked, by whom, and who is refused.',
    link: '?v=1&compare=previous',
    variables: byFields('srcaddr', 'dstaddr'),
    tiles: [
      figure('dns', 'DNS flows', 0, 'f=dstport:53,853', 'm=flows'),
      figure('dns-rejected', 'DNS rejected', 3, 'f=dstport:53,853', REJECTED, 'm=flows'),
      figure('ntp', 'NTP flows', 6, 'f=dstport:123', 'm=flows'),
      figure('ntp-rejected', 'NTP rejected', 9, 'f=dstport:123', REJECTED, 'm=flows'),
      view('dns-time', 'DNS by action', [0, 3, 6, 6], 'f=dstport:53,853', 'split=action', 'split=time', 'm=flows', 'show=area'), // prettier-ignore
      view('ntp-time', 'NTP by action', [6, 3, 6, 6], 'f=dstport:123', 'split=action', 'split=time', 'm=flows', 'show=area'), // prettier-ignore
      list('dns-servers', 'DNS servers', [0, 9, 3, 7], 'dstaddr', 'f=dstport:53,853', 'm=flows'),
      list('dns-clients', 'DNS clients', [3, 9, 3, 7], 'srcaddr', 'f=dstport:53,853', 'm=flows'),
      list('ntp-servers', 'Time servers', [6, 9, 3, 7], 'dstaddr', 'f=dstport:123', 'm=flows'),
      list('ntp-clients', 'Time clients', [9, 9, 3, 7], 'srcaddr', 'f=dstport:123', 'm=flows'),
      view('refused', 'Refused to ask', [0, 16, 12, 8], 'f=dstport:53,123,853', REJECTED, 'split=srcaddr~15', 'split=time', 'm=flows', 'show=table'), // prettier-ignore
      tile('note', '', [0, 24, 12, 2], {
        kind: 'text',
        text: 'AWS does not log queries to the resolver of the VPC or to the Amazon Time Sync Service: what is here goes to other servers.',
      }),
    ],
  },
  'sources-health': {
    name: 'Sources’ health',
    description: 'Whether logs arrive, from which interfaces, and where AWS could not keep up.',
    link: '?v=1',
    variables: byFields('account_id', 'log_status'),
    tiles: [
      tile('sources', 'Sources', [0, 0, 12, 5], { kind: 'sources' }),
      view('arrived', 'Records by status', [0, 5, 12, 6], 'split=log_status', 'split=time', 'm=flows', 'show=lines'), // prettier-ignore
      view('interfaces', 'Flows by interface', [0, 11, 8, 11], 'split=interface_id~30', 'split=time', 'm=flows', 'show=table'), // prettier-ignore
      list('accounts', 'Accounts', [8, 11, 4, 5], 'account_id', 'm=flows'),
      list('status', 'Log status', [8, 16, 4, 6], 'log_status', 'm=flows'),
    ],
  },
};
