import { insideBlocks } from '../../src/model/catalog/inside-blocks.ts';
import { parseBlock } from '../../src/model/query/address-block.ts';
import { blocksOf } from '../../src/model/query/address-range.ts';
import { MAX_TEXT, MAX_VALUES } from '../../src/model/query/limits.ts';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { type AddressItem, addressesNamed, readAddressItem } from './address-item.ts';
import { type About, type Meaning, fault, listed, quoted } from './meaning.ts';
import { plainRanges, splitItems } from './split-items.ts';

/**
 * Parses the text of a filter on addresses, in addition to selected values: addresses, blocks, ranges, names of
 * the inventory, `internal`, `external`, a part of an address; several of them separated by commas, spaces or line feeds.
 */
export function understandAddresses(text: string, chosen: readonly Scalar[], about: About): Meaning {
  const items = [...chosen.map(itemOfValue), ...readItems(text, about.names)];
  const [first] = items;
  if (first === undefined)
    return { kind: 'nothing', hint: 'Addresses, 10.0.0.0/24, 10.0.0.1-10.0.0.9, a name, internal, external' };
  const wrong = items.find((item) => item.kind === 'fault');
  if (wrong !== undefined) return fault(wrong.why);
  if (items.length === 1) return meaningOf(first, about);
  return meaningOfAll(items, about);
}

/** The items of a text. A name may contain spaces; otherwise spaces separate items as commas do. */
function readItems(text: string, names: ReadonlyMap<string, string>): readonly AddressItem[] {
  const items = splitItems(text);
  if (items.length > 1 && addressesNamed(text, names).length > 0) return [nameItem(text.trim(), names)];
  return items.flatMap((item) => {
    const plain = plainRanges(item);
    const whole = readAddressItem(plain, names);
    if (whole.kind !== 'fault') return [whole];
    if (addressesNamed(item, names).length > 0) return [nameItem(item, names)];
    const pieces = plain.split(/\s+/);
    return pieces.length === 1 ? [whole] : pieces.map((piece) => readAddressItem(piece, names));
  });
}

function nameItem(text: string, names: ReadonlyMap<string, string>): AddressItem {
  return { kind: 'name', text, addresses: addressesNamed(text, names) };
}

function itemOfValue(value: Scalar): AddressItem {
  return value === null ? { kind: 'none' } : { kind: 'address', text: String(value) };
}

function meaningOf(item: AddressItem, about: About): Meaning {
  const { field } = about;
  switch (item.kind) {
    case 'fault':
      return fault(item.why);
    case 'none':
      return {
        kind: 'clause',
        clause: { kind: 'in', field, values: [null], not: false },
        summary: () => 'Flows without an address',
      };
    case 'address': {
      const name = about.names.get(item.text);
      const words = name === undefined ? item.text : `${item.text} ${name}`;
      return {
        kind: 'clause',
        clause: { kind: 'in', field, values: [item.text], not: false },
        summary: (found) => (found === 0 ? `${words}: no flows in this view` : `The address ${words}`),
      };
    }
    case 'block':
      return ofBlocks(blocksOf(item.range), about, (found) => `${addresses(found)} in ${item.text}`);
    case 'range':
      return ofBlocks(blocksOf(item.range), about, (found) => `${addresses(found)} from ${item.text}`);
    case 'name': {
      const all = item.addresses.length;
      return ofAddresses(item.addresses, about, (found) => {
        const here = found === null || found === all ? '' : `, ${formatCount(found)} of them in this view`;
        return `Name contains ${quoted(item.text)}: ${counted(all, 'address', 'addresses')}${here}`;
      });
    }
    case 'part':
      if (item.text.length > MAX_TEXT) return fault('Too long for part of an address.');
      return {
        kind: 'clause',
        clause: { kind: 'contains', field, text: item.text, not: false },
        summary: (found) => `Contains ${quoted(item.text)}${found === null ? '' : `: ${addresses(found)}`}`,
      };
    case 'side':
      return ofSide(item.side, about);
  }
}

/** `12 addresses`, `No address`; `Addresses` while they are not counted. */
function addresses(found: number | null): string {
  if (found === null) return 'Addresses';
  return found === 0 ? 'No address in this view' : counted(found, 'address', 'addresses');
}

/** Whether an address is internal: from the store if possible, else by the reserved private networks. */
function ofSide(side: 'internal' | 'external', { field, side: summary }: About): Meaning {
  const name = side === 'internal' ? 'Internal' : 'External';
  if (summary !== null) {
    const whose = side === 'internal' ? 'in your network' : 'outside your network';
    return {
      kind: 'clause',
      clause: { kind: 'in', field: summary, values: [side], not: false },
      summary: (found) => `${name}: ${found === null ? 'addresses' : addresses(found)} ${whose}`,
    };
  }
  const blocks = side === 'internal' ? insideBlocks : outsideBlocks();
  return {
    kind: 'clause',
    clause: { kind: 'cidr', field, blocks, not: false },
    summary: (found) =>
      `${name}: ${found === null ? 'addresses' : addresses(found)} ${side === 'internal' ? 'in' : 'outside of'} private, shared, link-local, loopback and multicast networks`,
  };
}

/** Everything but the internal blocks, so that flows without an address do not count as external. */
function outsideBlocks(): readonly string[] {
  const inside = insideBlocks.flatMap((text) => parseBlock(text) ?? []);
  return ([4, 6] as const).flatMap((version) => {
    const own = inside
      .filter((block) => block.version === version)
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const blocks: string[] = [];
    let next = 0n;
    for (const { first, last } of own) {
      if (next < first) blocks.push(...blocksOf({ version, first: next, last: first - 1n }));
      if (last >= next) next = last + 1n;
    }
    const end = 1n << (version === 4 ? 32n : 128n);
    return next < end ? [...blocks, ...blocksOf({ version, first: next, last: end - 1n })] : blocks;
  });
}

/** Several items as one condition: any of them. */
function meaningOfAll(items: readonly AddressItem[], about: About): Meaning {
  const texts: string[] = [];
  let none = false;
  let ranges = false;
  for (const item of items) {
    switch (item.kind) {
      case 'address':
        texts.push(item.text);
        break;
      case 'name':
        texts.push(...item.addresses);
        break;
      case 'block':
      case 'range':
        ranges = true;
        texts.push(...blocksOf(item.range));
        break;
      case 'none':
        none = true;
        break;
      case 'side':
        return fault(`“${item.side}” can’t be combined with other values: use a filter of its own.`);
      case 'part':
        return fault(`${quoted(item.text)} is only part of an address: a list needs full addresses.`);
      case 'fault':
        return fault(item.why);
    }
  }
  if (ranges && none) return fault('“none” and a block or range can’t be combined in one filter.');
  const words = `A list of ${listed(tallied(items))}`;
  const summary = (found: number | null): string =>
    found === null ? words : `${words}: ${found === 0 ? 'no address' : addresses(found)} in this view`;
  const different = [...new Set(texts)];
  if (ranges) return ofBlocks(different, about, summary);
  return ofAddresses(none ? [...different, null] : different, about, summary);
}

/** `3 addresses`, `1 block`, `2 names (5 addresses)`: of each kind how many. */
function tallied(items: readonly AddressItem[]): readonly string[] {
  const count = (kind: AddressItem['kind']): number => items.filter((item) => item.kind === kind).length;
  const named = items.reduce((sum, item) => sum + (item.kind === 'name' ? item.addresses.length : 0), 0);
  const [own, blocks, ranges, names] = [count('address'), count('block'), count('range'), count('name')];
  return [
    ...(own === 0 ? [] : [counted(own, 'address', 'addresses')]),
    ...(blocks === 0 ? [] : [counted(blocks, 'block')]),
    ...(ranges === 0 ? [] : [counted(ranges, 'range')]),
    ...(names === 0 ? [] : [`${counted(names, 'name')} (${counted(named, 'address', 'addresses')})`]),
    ...(count('none') === 0 ? [] : ['none']),
  ];
}

type Summary = Extract<Meaning, { kind: 'clause' }>['summary'];

function ofBlocks(blocks: readonly string[], { field }: About, summary: Summary): Meaning {
  if (blocks.length > MAX_VALUES) return tooMany('blocks');
  return { kind: 'clause', clause: { kind: 'cidr', field, blocks, not: false }, summary };
}

function ofAddresses(values: readonly (string | null)[], { field }: About, summary: Summary): Meaning {
  if (values.length > MAX_VALUES) return tooMany('addresses');
  const clause: Clause = { kind: 'in', field, values, not: false };
  return { kind: 'clause', clause, summary };
}

function tooMany(what: string): Meaning {
  return fault(`A filter holds at most ${formatCount(MAX_VALUES)} ${what}.`);
}
