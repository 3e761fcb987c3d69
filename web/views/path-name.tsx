import type { ReactNode } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useStoreSchema } from '../data/explorer-context.ts';
import { formatBucket } from '../format/times.ts';
import { ValueText } from '../parts/value-text.tsx';
import type { Asked } from '../picture/asked.ts';
import { TIME } from '../state/view.ts';

/** The values of a way down the splits: `80 http · 10.0.0.67`. Null: the rest. */
export function PathName(props: { readonly asked: Asked; readonly path: readonly Cell[] | null }): ReactNode {
  if (props.path === null) return 'all others';
  if (props.path.length === 0) return 'all';
  return props.path.map((value, depth) => (
    <span key={depth}>
      {depth > 0 && <span className="soft"> · </span>}
      <SplitValue asked={props.asked} depth={depth} value={value} />
    </span>
  ));
}

/** One value of a split, as it was cut: a bucket of time, a range of numbers, or a value with its name. */
export function SplitValue(props: {
  readonly asked: Asked;
  readonly depth: number;
  readonly value: Cell;
}): ReactNode {
  const schema = useStoreSchema();
  const { value } = props;
  const split = props.asked.splits[props.depth];
  if (split === undefined) return null;
  if (split.field === TIME && value !== null) {
    const duration = split.bucket?.kind === 'time' ? split.bucket.duration : 'PT1S';
    const instant = typeof value === 'number' ? value : Date.parse(String(value));
    return formatBucket(instant, duration, props.asked.view.timezone);
  }
  if (split.bucket?.kind === 'number' && typeof value === 'number')
    return `${value}–${value + split.bucket.width - 1}`;
  return <ValueText field={split.field} type={schema.dimension(split.field).type} value={value} />;
}
