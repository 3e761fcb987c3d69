import type { ReactNode } from 'react';
import { formatLength, formatRange } from '../../../src/view/format/times.ts';
import type { Line } from '../../../src/view/chart-layout/tree.ts';

/** A span without logs among rows that are times. */
export function GapRow(props: {
  readonly id: string;
  readonly line: Extract<Line, { kind: 'gap' }>;
  readonly top: number;
  readonly timezone: string;
}): ReactNode {
  const { gap, depth } = props.line;
  return (
    <div id={props.id} role="row" className="row row-gap" style={{ top: props.top }} data-gap="">
      <div className="row-name" role="gridcell" style={{ '--depth': depth }}>
        {formatLength(gap.to - gap.from)} without logs
        <span className="soft row-gap-when">{formatRange(gap, props.timezone)}</span>
      </div>
    </div>
  );
}
