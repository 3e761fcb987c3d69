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

/** What a value of a kind must be; kinds of which any text may be a value have none. */
const forms: Partial<Readonly<Record<AboutKind, string>>> = {
  address: 'an IPv4 or IPv6 address',
  operator: 'the number of a network operator, such as AS7922',
  country: 'a country in two letters, such as DE',
  port: 'a port, such as 443 or 443/tcp',
};

/** Why there is no page about a value. */
export function whyInvalid({ kind, value }: { readonly kind: AboutKind; readonly value: string }): string {
  return `“${value}” is not ${forms[kind] ?? 'valid'}.`;
}

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
