import { type BucketValue, isLogged } from '../../src/view/chart-layout/bucket-series.ts';

export interface LinePaths {
  /** Between two buckets with complete logs. */
  readonly whole: string;
  /** To or from a bucket with incomplete logs. */
  readonly part: string;
  /** Under the line, down to the base. */
  readonly area: string;
  /** Isolated buckets, drawn as points. */
  readonly alone: readonly BucketValue[];
}

/** A line through the middles of the buckets; it breaks where there are no logs. */
export function linePaths(
  buckets: readonly BucketValue[],
  x: (bucket: BucketValue) => number,
  y: (value: number) => number,
): LinePaths {
  let whole = '';
  let part = '';
  let area = '';
  const alone: BucketValue[] = [];
  const base = y(0);
  buckets.forEach((bucket, index) => {
    if (bucket.value === null) return;
    const [before, after] = [buckets[index - 1], buckets[index + 1]];
    const point = `${round(x(bucket))} ${round(y(bucket.value))}`;
    const follows = before !== undefined && before.value !== null;
    const leads = after !== undefined && after.value !== null;
    if (!follows && !leads) alone.push(bucket);
    if (!follows) area += `M${round(x(bucket))} ${round(base)}L${point}`;
    else area += `L${point}`;
    if (!leads) area += `L${round(x(bucket))} ${round(base)}Z`;
    if (!follows) return;
    const segment = `M${round(x(before))} ${round(y(before.value ?? 0))}L${point}`;
    if (isLogged(bucket) && isLogged(before))
      whole += whole === '' || !continues(buckets, index) ? segment : `L${point}`;
    else part += segment;
  });
  return { whole, part, area, alone };
}

/** Whether the previous segment is in the same path, so that corners join. */
function continues(buckets: readonly BucketValue[], index: number): boolean {
  const [a, b] = [buckets[index - 2], buckets[index - 1]];
  return a !== undefined && b !== undefined && a.value !== null && isLogged(a) && isLogged(b);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
