import type { AlertCondition, AlertContent } from '../model/alert/alert.ts';
import { secondsOf } from './condition-seconds.ts';
import type { Arrival } from './late-arrivals.ts';
import type { OpenWindow } from './late-windows.ts';
import type { WindowTimeline } from './window-timeline.ts';

/**
 * The windows to evaluate once more (their ends, in order), since flows were added to a time that they are about.
 * @param timeline the windows of the alert so far
 */
export function affectedWindows(
  condition: AlertCondition,
  { step, from, to }: WindowTimeline,
  arrivals: readonly Arrival[],
): readonly number[] {
  const ends = new Set<number>();
  for (const arrival of arrivals)
    for (const { near, far } of readTimes(condition)) {
      const first = Math.floor((arrival.from + near) / step) * step + step;
      const last = Math.ceil((arrival.to + far) / step) * step - step;
      for (let at = Math.max(first, from); at <= Math.min(last, to); at += step) ends.add(at);
    }
  return [...ends].sort((one, other) => one - other);
}

/** Whether what holds in a window depends on what held in the one before: nothing is absent until there are flows again. */
export function followsEarlier({ condition }: AlertContent): boolean {
  return condition.kind === 'absence' || (condition.kind === 'amount' && condition.below !== null && condition.split !== null); // prettier-ignore
}

/** The windows that wait, with others that wait since a time. */
export function openWith(
  open: readonly OpenWindow[],
  ends: readonly number[],
  since: number,
): readonly OpenWindow[] {
  const waiting = new Set(open.map(({ at }) => at));
  const more = ends.filter((at) => !waiting.has(at)).map((at) => ({ at, since }));
  return more.length === 0 ? open : [...open, ...more].toSorted((one, other) => one.at - other.at);
}

/** The times that are read for a window: seconds before its end. */
function readTimes(condition: AlertCondition): readonly { readonly near: number; readonly far: number }[] {
  switch (condition.kind) {
    case 'amount': {
      const window = secondsOf(condition.window);
      const before = condition.below !== null && condition.split !== null;
      return [{ near: 0, far: before ? 2 * window : window }];
    }
    case 'change': {
      const [window, shift] = [secondsOf(condition.window), secondsOf(condition.shift)];
      return [{ near: 0, far: window }, { near: shift, far: shift + window }]; // prettier-ignore
    }
    // Flows that were added to the time before make no value new.
    case 'new_value':
      return [{ near: 0, far: secondsOf(condition.window) }];
    // Its windows begin at multiples of their length.
    case 'absence':
      return [{ near: 0, far: secondsOf(condition.window) * (condition.windows + 2) }];
    case 'finding':
    case 'source_lag':
    case 'no_logs':
      return [];
  }
}
