import { type ReactNode, useCallback, useContext } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useStoreSchema } from '../data/explorer-context.ts';
import { NamesContext } from '../data/use-names.ts';
import { type Room, type Run, roomyRuns } from '../../src/view/format/names.ts';
import { formatBucket } from '../../src/view/format/times.ts';
import { ValueText } from '../parts/value-text.tsx';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import { type SplitChoice, TIME } from '../../src/view/view.ts';

/** The values of a way down the splits: `80 http · 10.0.0.67`. Null: the rest. */
export function PathName(props: {
  readonly spec: ChartSpec;
  readonly path: readonly Cell[] | null;
}): ReactNode {
  if (props.path === null) return 'all others';
  if (props.path.length === 0) return 'all';
  return props.path.map((value, depth) => (
    <span key={depth}>
      {depth > 0 && <span className="soft"> · </span>}
      <SplitValue spec={props.spec} depth={depth} value={value} />
    </span>
  ));
}

/** One value of a split, as it was cut: a bucket of time, a range of numbers, or a value with what is known of it (`bare`: with its name alone). */
export function SplitValue(props: {
  readonly spec: ChartSpec;
  readonly depth: number;
  readonly value: Cell;
  readonly bare?: boolean;
}): ReactNode {
  const schema = useStoreSchema();
  const { value } = props;
  const split = props.spec.splits[props.depth];
  if (split === undefined) return null;
  return (
    bucketText(split, value, props.spec.view.timezone) ?? (
      <ValueText
        field={split.field}
        type={schema.dimension(split.field).type}
        value={value}
        bare={props.bare === true}
      />
    )
  );
}

/** What `PathName` shows, as spans of text, to find out how wide it is. */
export function usePathRuns(
  spec: ChartSpec,
): (path: readonly Cell[], from?: number) => readonly (Run | Room)[] {
  const schema = useStoreSchema();
  const names = useContext(NamesContext);
  return useCallback(
    (path, from = 0) =>
      path.slice(from).flatMap((value, at) => {
        const split = spec.splits[from + at];
        if (split === undefined) return [];
        const { type } = schema.dimension(split.field);
        const cut = bucketText(split, value, spec.view.timezone);
        const runs =
          cut === null
            ? roomyRuns(split.field, type, value, names)
            : [{ text: cut, mono: false, soft: false }];
        return at === 0 ? runs : [{ text: ' · ', mono: false, soft: true }, ...runs];
      }),
    [spec, schema, names],
  );
}

/** A bucket of time or a range of numbers; null: the split cuts by values. */
function bucketText({ field, bucket }: SplitChoice, value: Cell, timezone: string): string | null {
  if (field === TIME && value !== null) {
    const duration = bucket?.kind === 'time' ? bucket.duration : 'PT1S';
    const instant = typeof value === 'number' ? value : Date.parse(String(value));
    return formatBucket(instant, duration, timezone);
  }
  return bucket?.kind === 'number' && typeof value === 'number'
    ? `${value}–${value + bucket.width - 1}`
    : null;
}
