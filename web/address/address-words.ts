import type { AboutChange, AboutListName } from '../../src/model/about/about.ts';
import type { AboutKind } from '../../src/model/about/parse-about.ts';

export const kindWords: Readonly<Record<AboutKind, string>> = {
  address: 'Address',
  interface: 'Interface',
  service: 'Service',
  name: 'Name',
  party: 'Party',
  operator: 'Network operator',
  country: 'Country',
  port: 'Port',
};

type SideWords = Readonly<Record<AboutListName, string>>;

export const listWords: Readonly<Record<'inbound' | 'outbound', SideWords>> = {
  inbound: {
    peers: 'Who talks to it',
    members: 'Its addresses',
    ports: 'What it serves',
    refused_ports: 'Rejected, by port',
    refused_peers: 'Rejected, by source',
  },
  outbound: {
    peers: 'Whom it talks to',
    members: 'Its addresses',
    ports: 'What it uses',
    refused_ports: 'Rejected, by port',
    refused_peers: 'Rejected, by destination',
  },
};

export const listHints: Readonly<Record<AboutListName, string>> = {
  peers: 'The other ends of all its flows',
  members: 'The addresses at its own end',
  ports: 'Accepted flows to ports below 32768; above are mostly answers to clients',
  refused_ports: 'Rejected flows, by their destination port',
  refused_peers: 'Rejected flows, by the other end',
};

export const changeWords: Readonly<Record<AboutChange['what'], string>> = {
  new: 'New',
  gone: 'Gone',
  more: 'Much more',
  less: 'Much less',
};
