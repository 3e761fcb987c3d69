import { type AboutKind, aboutKinds } from '../../src/model/about/parse-about.ts';
import { addressForm } from '../../src/model/query/address-form.ts';
import { protocolNames } from '../../src/view/format/protocols.ts';
import { URL_VERSION, searchOf, writeTime } from '../../src/view/url.ts';
import type { TimeChoice } from '../../src/view/view.ts';

/** The subject of a page about one thing. */
export interface AboutThing {
  readonly kind: AboutKind;
  readonly value: string;
}

const address = new RegExp(addressForm);
/** Protocols whose ports have pages of their own. */
const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 132]);

/** The path of its page: `/address/10.0.1.67`, `/port/443/tcp`. */
export function aboutPath({ kind, value }: AboutThing): string {
  return `/${kind}/${value.split('/').map(encodeURIComponent).join('/')}`;
}

/** The page with its time and zone. */
export function aboutUrl(thing: AboutThing, time: TimeChoice, timezone: string): string {
  const search = searchOf([['v', URL_VERSION], ...writeTime(time), ['tz', timezone]]);
  return aboutPath(thing) + search;
}

/** The subject of the page at a path; null: none. */
export function thingOfPath(path: string): AboutThing | null {
  const [, first, ...rest] = path.split('/');
  const kind = aboutKinds.find((one) => one === first);
  if (kind === undefined) return null;
  try {
    const value = rest.map(decodeURIComponent).join('/');
    return value === '' ? null : { kind, value };
  } catch {
    return null;
  }
}

/** The subject that the value of a dimension has a page for; null: none. */
export function thingOfValue(field: string, type: string, value: unknown): AboutThing | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  if (text === '') return null;
  if (type === 'address') return { kind: 'address', value: text };
  switch (field) {
    case 'interface_id':
      return { kind: 'interface', value: text };
    case 'dstport':
    case 'service_port':
      return { kind: 'port', value: text };
    default:
      return ofEnd(field.replace(/^(?:src|dst)_/, ''), text);
  }
}

function ofEnd(fact: string, value: string): AboutThing | null {
  switch (fact) {
    case 'name':
    case 'party':
    case 'service':
    case 'country':
      return { kind: fact, value };
    case 'asn':
      return { kind: 'operator', value };
    default:
      return null;
  }
}

/** The port of a protocol. */
export function portThing(port: number, protocol: number | null): AboutThing {
  const name = protocol === null || !withPorts.has(protocol) ? undefined : protocolNames.get(protocol);
  return { kind: 'port', value: name === undefined ? String(port) : `${port}/${name}` };
}

/** The subject that a typed text means: an address, `eni-…`, `AS7922`, `443/tcp`; else a name. Null: nothing. */
export function understandThing(text: string): AboutThing | null {
  const value = text.trim();
  if (value === '') return null;
  if (address.test(value)) return { kind: 'address', value };
  if (/^eni-\w+$/i.test(value)) return { kind: 'interface', value };
  const operator = /^AS([0-9]{1,10})$/i.exec(value)?.[1];
  if (operator !== undefined) return { kind: 'operator', value: operator };
  if (/^[0-9]{1,5}(?:\/[a-z]+)?$/i.test(value)) return { kind: 'port', value };
  return { kind: 'name', value };
}
