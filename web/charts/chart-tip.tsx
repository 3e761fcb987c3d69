import type { ReactNode } from 'react';
import { formatAmount, formatChange } from '../../src/view/format/numbers.ts';
import type { ChartLine } from './chart-line.ts';

const MOST = 12;

/** The values of the nearest bucket: one for each line, the largest first; stacked ones in their order. */
export function ChartTip(props: {
  readonly left: number;
  readonly full: number;
  readonly head: string;
  readonly lines: readonly ChartLine[];
  /** The bucket. */
  readonly at: number;
  readonly stacked: boolean;
  readonly unit: string;
  /** Whether screen readers announce it: during keyboard navigation. */
  readonly spoken: boolean;
}): ReactNode {
  const { at, unit } = props;
  const rows = props.lines.map((line) => ({
    line,
    value: line.values[at]?.value ?? null,
    before: line.before === null ? null : { value: line.before[at]?.value ?? null },
  }));
  const sorted = props.stacked ? rows.toReversed() : rows.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const whole =
    props.stacked && rows.length > 1 ? rows.reduce((sum, row) => sum + (row.value ?? 0), 0) : null;
  const onLeft = props.left > props.full / 2;
  const place = onLeft ? { right: props.full - props.left + 12 } : { left: props.left + 12 };
  return (
    <div className="tip" style={{ top: 10, ...place }} role={props.spoken ? 'status' : undefined}>
      <div className="tip-head">{props.head}</div>
      {whole !== null && (
        <div className="tip-row">
          <span />
          <span className="ellipsis">all</span>
          <b>{formatAmount(whole, unit)}</b>
        </div>
      )}
      {sorted.slice(0, MOST).map(({ line, value, before }) => (
        <div key={line.key} className="tip-row" style={{ '--tone': line.colour }}>
          <span className="swatch" />
          <span className="ellipsis">{line.name}</span>
          <b>{formatAmount(value, unit)}</b>
          {before !== null && (
            <span className="soft">
              {formatAmount(before.value, unit)} before {formatChange(value, before.value)}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}
