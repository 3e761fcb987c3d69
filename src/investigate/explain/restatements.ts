import { dimensionOf } from '../../sql/explain/dimensions.ts';
import { type Amounts, type Candidate, type Value, nameOf } from './combination-counts.ts';
import { PLACES } from './preference.ts';

/** Nearly all of a side's flows. */
const NEARLY_ALL = 0.95;
/** At nearly all records of an interface, its own address is at one end. */
const OWN = 0.9;

/**
 * Values that say again what the question says: by name as `nameOf` gives it. They follow from it, whatever happened:
 *
 * - what nearly all flows of both sides have;
 * - an address in the packets that is as often the one logged;
 * - where an address is asked about (or who has it): its interface, and where that is; facts about it that hold for it all;
 * - where an interface is asked about, or its subnet, …: its address at either end, and what else holds for all its flows;
 *   other places that are on one side alone: a subnet lies in one zone, and an interface in one subnet;
 * - where a port is asked about: its protocol;
 * - where flows with an address are compared with others: what none of them has at that end, since the others are those
 *   with other addresses.
 */
export function restatements(
  asked: ReadonlySet<string>,
  names: readonly string[],
  candidates: readonly Candidate[],
  totals: Amounts,
  isOfTimes: boolean,
): ReadonlySet<string> {
  const counts = new Map(candidates.map((one) => [nameOf(one.values), one]));
  const singles = candidates.flatMap((one) => {
    const [value, ...more] = one.values;
    return value === undefined || more.length > 0 ? [] : [{ ...one, value, field: names[value.dimension] ?? '' }];
  });
  const holdsForAll = (selected: number): boolean => selected >= NEARLY_ALL * totals.selected;
  const askedEnds = new Set([...asked].map(endOf).filter((end) => end !== null));
  const askedPlace = [...asked].some((field) => PLACES.has(field));
  const isAskedWhere = askedPlace || askedEnds.size > 0;
  const isAskedPort = asked.has('dstport') || asked.has('service_name');
  const own = askedEnds.size === 0 ? [] : ownPlaces(singles, counts, names, askedEnds);
  const restated = singles.filter(({ value, field, selected, rest }) => {
    if (holdsForAll(selected) && rest >= NEARLY_ALL * totals.rest) return true;
    if (field.startsWith('pkt_') && isAlsoLogged({ value, selected, rest }, field.slice(4), names, counts)) return true;
    const end = endOf(field);
    if (PLACES.has(field))
      return (
        (isAskedWhere && holdsForAll(selected)) ||
        (askedPlace && (selected === 0 || rest === 0)) ||
        own.some((place) => isAlso(place, value, counts))
      );
    if (end !== null && askedEnds.has(end) && (holdsForAll(selected) || (!isOfTimes && selected === 0)))
      return true;
    return isAskedPort && field === 'protocol' && holdsForAll(selected);
  });
  const ownEnds = askedPlace ? atEitherEnd(singles, names, holdsForAll) : [];
  return new Set([...restated.map(({ value }) => value), ...ownEnds].map((value) => nameOf([value])));
} // prettier-ignore

/** The end that a field is about. */
function endOf(field: string): 'srcaddr' | 'dstaddr' | null {
  if (field === 'srcaddr' || field === 'dstaddr') return field;
  if (field === 'pkt_srcaddr' || field === 'pkt_src_aws_service') return 'srcaddr';
  if (field === 'pkt_dstaddr' || field === 'pkt_dst_aws_service') return 'dstaddr';
  return fieldEnd(field);
}

function fieldEnd(field: string): 'srcaddr' | 'dstaddr' | null {
  return dimensionOf(field).enriched?.end ?? null;
}

interface Single extends Candidate {
  readonly value: Value;
  readonly field: string;
}

/** Interfaces of the address asked about: all else that they log has it at the other end, or there is nothing else. */
function ownPlaces(
  singles: readonly Single[],
  counts: ReadonlyMap<string, Candidate>,
  names: readonly string[],
  askedEnds: ReadonlySet<string>,
): readonly Single[] {
  const others = singles.filter(
    ({ field }) => (field === 'srcaddr' || field === 'dstaddr') && !askedEnds.has(field),
  );
  return singles.filter(({ value, field, selected, rest }) => {
    if (field !== 'interface_id' || selected === 0) return false;
    if (rest <= 0.01 * selected) return true;
    return (
      names.length > 0 && others.some((other) => amountsOf(counts, [value, other.value]).rest >= OWN * rest)
    );
  });
}

/** Whether as many flows have an address as the one logged as have it in the packet: there is no hop, and the packet's says nothing more. */
function isAlsoLogged(
  { value, selected, rest }: Amounts & { readonly value: Value },
  field: string,
  names: readonly string[],
  counts: ReadonlyMap<string, Candidate>,
): boolean {
  const logged = amountsOf(counts, [{ dimension: names.indexOf(field), key: value.key }]);
  return logged.selected === selected && logged.rest === rest;
}

/** Whether nearly all that an interface logged of the selected flows has a value as well. */
function isAlso(place: Single, value: Value, counts: ReadonlyMap<string, Candidate>): boolean {
  if (nameOf([value]) === nameOf([place.value])) return true;
  return amountsOf(counts, [place.value, value]).selected >= NEARLY_ALL * place.selected;
}

/** Values that are at one end or the other of all selected flows: of each pair of fields the one that has fewest other flows. */
function atEitherEnd(
  singles: readonly Single[],
  names: readonly string[],
  holdsForAll: (selected: number) => boolean,
): readonly Value[] {
  return names.flatMap((name, dimension) => {
    const opposite = oppositeField(name);
    const mirror = opposite === null || !isSource(name) ? -1 : names.indexOf(opposite);
    if (mirror < 0) return [];
    const of = (place: number): readonly Single[] => singles.filter((one) => one.value.dimension === place);
    const keys = new Set([...of(dimension), ...of(mirror)].map(({ value }) => value.key));
    const [first] = [...keys]
      .map((key) => [...of(dimension), ...of(mirror)].filter(({ value }) => value.key === key))
      .filter((both) => holdsForAll(both.reduce((sum, { selected }) => sum + selected, 0)))
      .toSorted((a, b) => sumOfRest(a) - sumOfRest(b));
    return (first ?? []).map(({ value }) => value);
  });
}

function sumOfRest(some: readonly Single[]): number {
  return some.reduce((sum, { rest }) => sum + rest, 0);
}

function isSource(name: string): boolean {
  return name.startsWith('src');
}

/** The field that says the same of the other end: `dst_name` for `src_name`; null: none. */
export function oppositeField(name: string): string | null {
  const [, before = '', end, after = ''] = /^(pkt_|tgw_|)(src|dst)(.*)$/.exec(name) ?? [];
  return end === undefined ? null : `${before}${end === 'src' ? 'dst' : 'src'}${after}`;
}

function amountsOf(counts: ReadonlyMap<string, Candidate>, values: readonly Value[]): Amounts {
  const ordered = values.toSorted((a, b) => a.dimension - b.dimension);
  return counts.get(nameOf(ordered)) ?? { selected: 0, rest: 0 };
}
