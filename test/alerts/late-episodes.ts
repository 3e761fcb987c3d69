import { STEP, type Flow } from './late-flows.ts';

/** The episodes of a condition, evaluated simply with all flows: `windows` are their ends, earliest first, `holds` is asked for each in that order. */
export function episodesOf(
  flows: readonly Flow[],
  windows: readonly number[],
  holds: (count: (from: number, to: number) => number, at: number) => boolean,
  pending: number,
): readonly { readonly start: number; readonly end: number }[] {
  const count = (from: number, to: number): number => flows.filter(({ at }) => at >= from && at < to).length;
  const episodes: { start: number; end: number }[] = [];
  let since: number | null = null;
  for (const at of [...windows, Infinity]) {
    if (at !== Infinity && holds(count, at)) since ??= at;
    else {
      const last = at === Infinity ? (windows.at(-1) ?? 0) : at - STEP;
      if (since !== null && last - since >= pending) episodes.push({ start: since, end: last });
      since = null;
    }
  }
  return episodes;
}

/** Conditions that missing flows never make true. */
export const kinds = {
  above: { condition: { kind: 'amount', measure: 'flows', above: 3, window: 'PT5M' }, holds: (count: (from: number, to: number) => number, at: number) => count(at - 5, at) > 3 },
  wide: { condition: { kind: 'amount', measure: 'flows', above: 4, window: 'PT15M' }, holds: (count: (from: number, to: number) => number, at: number) => count(at - 15, at) > 4 },
  change: {
    condition: { kind: 'change', measure: 'flows', increase: 100, shift: 'PT30M', at_least: 3, window: 'PT5M' },
    holds: (count: (from: number, to: number) => number, at: number) => {
      const [now, before] = [count(at - 5, at), count(at - 35, at - 30)];
      return now >= 3 && now >= 2 * before;
    },
  },
} as const; // prettier-ignore

type Count = (from: number, to: number) => number;

/** An absence lasts until there are flows again. */
function absent(): (count: Count, at: number) => boolean {
  let lasts = false;
  return (count, at) => {
    const usual = [1, 2].every((i) => count(at - 5 * (i + 1), at - 5 * i) > 0);
    lasts = count(at - 5, at) === 0 && (usual || lasts);
    return lasts;
  };
}

/** Conditions that are also true while flows are missing: more alerts fire than with all flows, and end when the flows arrive. */
export const lacking = {
  absence: { condition: { kind: 'absence', windows: 2, window: 'PT5M' }, holds: absent },
  few: {
    condition: { kind: 'amount', measure: 'flows', below: 3, window: 'PT5M' },
    holds: () => {
      let lasts = false;
      return (count: Count, at: number): boolean => {
        const [now, before] = [count(at - 5, at), count(at - 10, at - 5)];
        lasts = now < 3 && (now > 0 || before > 0 || lasts);
        return lasts;
      };
    },
  },
} as const;
