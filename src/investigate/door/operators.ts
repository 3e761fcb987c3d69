import type { KnockSource } from '../../model/knocks/knocks.ts';
import type { DoorEvidence } from '../../model/visits/door.ts';
import { count, list } from '../wording.ts';

/** Operators and names that the evidence lists. */
const MOST_LISTED = 4;

/**
 * Who runs the networks and machines of visitors, as far as the inventory and the database of operators know: those who
 * can reach the clients, beside whoever runs the host that they request. Empty if nothing is known.
 */
export function operatorsOf(
  sources: readonly Pick<KnockSource, 'address' | 'name' | 'as_name'>[],
): readonly DoorEvidence[] {
  const sizes = new Map<string, number>();
  for (const { as_name } of sources) if (as_name !== null) sizes.set(as_name, (sizes.get(as_name) ?? 0) + 1);
  const known = [...sizes].sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1));
  const unknown = sources.filter((source) => source.as_name === null).length;
  const names = [...new Set(sources.flatMap(({ name }) => (name === null ? [] : [name])))];
  const texts = [
    ...(known.length === 0
      ? []
      : [
          `Operators of their networks: ${list(
            known.map(([name, size]) => `${name} (${count(size, 'address', 'addresses')})`),
            MOST_LISTED,
          )}${unknown === 0 ? '' : `; of ${count(unknown, 'address', 'addresses')} none is known`}.`,
        ]),
    ...(names.length === 0 ? [] : [`Names of these addresses: ${list(names, MOST_LISTED)}.`]),
  ];
  return texts.map((text) => ({ text, query: null, visits: [] }));
}
