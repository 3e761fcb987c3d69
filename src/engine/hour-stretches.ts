import type { Stretch } from '../model/store-schema.ts';

/** Hours since 1970 UTC, `to` exclusive. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** Hours in order, those that follow each other joined. */
export function runsOf(hours: readonly number[]): readonly Hours[] {
  const runs: { from: number; to: number }[] = [];
  for (const hour of hours) {
    const last = runs.at(-1);
    if (last?.to === hour) last.to = hour + 1;
    else runs.push({ from: hour, to: hour + 1 });
  }
  return runs;
}

export function stretchOf({ from, to }: Hours): Stretch {
  return { from: isoSecond(from * 3600), to: isoSecond(to * 3600) };
}

export function isoSecond(second: number): string {
  return `${new Date(second * 1000).toISOString().slice(0, -5)}Z`;
}

/** What is missing between hours in order. */
export function gapsBetween(hours: readonly number[]): readonly Hours[] {
  return hours.flatMap((hour, index) => {
    const before = hours[index - 1];
    return before === undefined || hour === before + 1 ? [] : [{ from: before + 1, to: hour }];
  });
}
