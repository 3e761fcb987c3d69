import { type Beat, isLogged } from '../chart-layout/bucket-series.ts';

export interface LinePaths {
  /** Between two buckets that are known whole. */
  readonly whole: string;
  /** To or from a bucket of which a part is unknown. */
  readonly part: string;
  /** Under the line, down to the base. */
  readonly area: string;
  /** Beats that no line reaches. */
  readonly alone: readonly Beat[];
}

/** A line through the middles of the buckets; it breaks where nothing is known. */
export function linePaths(
  beats: readonly Beat[],
  x: (beat: Beat) => number,
  y: (value: number) => number,
): LinePaths {
  let whole = '';
  let part = '';
  let area = '';
  const alone: Beat[] = [];
  const base = y(0);
  beats.forEach((beat, index) => {
    if (beat.value === null) return;
    const [before, after] = [beats[index - 1], beats[index + 1]];
    const point = `${round(x(beat))} ${round(y(beat.value))}`;
    const follows = before !== undefined && before.value !== null;
    const leads = after !== undefined && after.value !== null;
    if (!follows && !leads) alone.push(beat);
    if (!follows) area += `M${round(x(beat))} ${round(base)}L${point}`;
    else area += `L${point}`;
    if (!leads) area += `L${round(x(beat))} ${round(base)}Z`;
    if (!follows) return;
    const segment = `M${round(x(before))} ${round(y(before.value ?? 0))}L${point}`;
    if (isLogged(beat) && isLogged(before))
      whole += whole === '' || !continues(beats, index) ? segment : `L${point}`;
    else part += segment;
  });
  return { whole, part, area, alone };
}

/** Whether the segment before this one is drawn in the same path, so that corners join. */
function continues(beats: readonly Beat[], index: number): boolean {
  const [a, b] = [beats[index - 2], beats[index - 1]];
  return a !== undefined && b !== undefined && a.value !== null && isLogged(a) && isLogged(b);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
