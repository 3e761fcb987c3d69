import { type AddressBlock, parseAddress, parseBlock } from '../../src/model/query/address-block.ts';
import { addressText } from '../../src/model/query/address-range.ts';
import { quoted } from './meaning.ts';

/** One item of a filter on addresses. */
export type AddressItem =
  | { readonly kind: 'address'; readonly text: string }
  | { readonly kind: 'block' | 'range'; readonly range: AddressBlock; readonly text: string }
  | { readonly kind: 'name'; readonly text: string; readonly addresses: readonly string[] }
  /** A part of an address: matches addresses that contain it. */
  | { readonly kind: 'part'; readonly text: string }
  | { readonly kind: 'side'; readonly side: 'internal' | 'external' }
  /** Flows without an address. */
  | { readonly kind: 'none' }
  | { readonly kind: 'fault'; readonly why: string };

/** Reads one item: an address, a block, a range, a word, a name of the inventory, or a part of an address. */
export function readAddressItem(written: string, names: ReadonlyMap<string, string>): AddressItem {
  const text = written.replace(/^\[(.*)\]$/, '$1');
  const word = text.toLowerCase();
  if (word === 'internal' || word === 'external') return { kind: 'side', side: word };
  if (word === 'none') return { kind: 'none' };
  const address = parseAddress(text);
  if (address !== null) return { kind: 'address', text: addressText(address.version, address.value) };
  return readBlock(text) ?? readRange(text) ?? readPart(text) ?? readName(text, names) ?? refuse(text);
}

function readBlock(text: string): AddressItem | null {
  const wild = /^((?:\d{1,3}\.){1,3})(?:\*\.?)+$/.exec(text);
  if (wild?.[1] !== undefined) {
    const given = wild[1].split('.').slice(0, -1);
    return readBlock(`${[...given, '0', '0', '0'].slice(0, 4).join('.')}/${given.length * 8}`);
  }
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const [head, tail] = [text.slice(0, slash), text.slice(slash + 1)];
  const address = parseAddress(head);
  if (address === null) return null;
  const length = lengthOfMask(tail) ?? tail;
  const block = parseBlock(`${head}/${length}`);
  if (block === null) {
    const most = address.version === 4 ? 32 : 128;
    return {
      kind: 'fault',
      why:
        tail === ''
          ? `${quoted(text)} needs a number from 0 to ${most} after the slash.`
          : `${quoted(text)} is not a CIDR block: the number after the slash must be from 0 to ${most}.`,
    };
  }
  return block.first === block.last
    ? { kind: 'address', text: addressText(block.version, block.first) }
    : { kind: 'block', range: block, text: `${addressText(block.version, block.first)}/${length}` };
}

/** The length of a block whose mask is written out: `255.255.255.0` is 24; null: it is none. */
function lengthOfMask(text: string): string | null {
  const mask = text.includes('.') ? parseAddress(text) : null;
  if (mask?.version !== 4) return null;
  const bits = mask.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? String(bits.replaceAll('0', '').length) : null;
}

/** `10.0.0.1-10.0.0.9`, or `10.0.0.1-9`: the last part alone. */
function readRange(text: string): AddressItem | null {
  const [left = '', right = '', ...more] = text.split('-');
  const from = parseAddress(left);
  if (from === null || right === '' || more.length > 0) return null;
  const short = from.version === 4 && /^\d{1,3}$/.test(right);
  const to = parseAddress(short ? left.replace(/\d+$/, right) : right);
  if (to === null)
    return { kind: 'fault', why: `${quoted(right)} is not an address, so ${quoted(text)} is not a range.` };
  if (from.version !== to.version) return { kind: 'fault', why: 'A range can’t mix IPv4 and IPv6.' };
  if (from.value > to.value)
    return { kind: 'fault', why: `${quoted(text)} is reversed: enter the lower address first.` };
  const { version } = from;
  const [first, last] = [addressText(version, from.value), addressText(version, to.value)];
  return first === last
    ? { kind: 'address', text: first }
    : { kind: 'range', range: { version, first: from.value, last: to.value }, text: `${first} to ${last}` };
}

/** A part of an address, not a whole one: `10.0.`, `.17`, `2001:db8:`. */
function readPart(text: string): AddressItem | null {
  const four = /^\.?(?:\d{1,3}\.){0,3}\d{0,3}$/.test(text) && dots(text) <= 3;
  if (four && /\d/.test(text) && text.split('.').every((part) => Number(part) <= 255))
    return { kind: 'part', text };
  const six =
    /^(?=.*:)(?=.*[\da-f])(?:[\da-f]{0,4}:){1,7}[\da-f]{0,4}$/i.test(text) && !/:::|::.*::/.test(text);
  return six ? { kind: 'part', text: text.toLowerCase() } : null;
}

function dots(text: string): number {
  return text.split('.').length - 1;
}

function readName(text: string, names: ReadonlyMap<string, string>): AddressItem | null {
  const addresses = addressesNamed(text, names);
  return addresses.length === 0 ? null : { kind: 'name', text, addresses };
}

/** The addresses whose name contains a text, ignoring case. */
export function addressesNamed(text: string, names: ReadonlyMap<string, string>): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return [...names].flatMap(([address, name]) => (name.toLowerCase().includes(wanted) ? address : []));
}

function refuse(text: string): AddressItem {
  const four = /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/.exec(text);
  if (four !== null)
    return { kind: 'fault', why: `${quoted(text)} has a port in it: write the address alone.` };
  if (/^[\d.]+(\/\d*)?$/.test(text) || /^[\da-f:.]*:[\da-f:.]*(\/\d*)?$/i.test(text))
    return { kind: 'fault', why: `${quoted(text)} is not an IPv4 or IPv6 address.` };
  return { kind: 'fault', why: `${quoted(text)} is not an address, and no address has such a name.` };
}
