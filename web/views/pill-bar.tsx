import { type ReactNode, memo, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatRange } from '../../src/view/format/times.ts';
import { TimePill } from '../menus/time-pill.tsx';
import { CompareMenu } from '../menus/compare-menu.tsx';
import { Pill } from '../parts/pill.tsx';
import { Popup } from '../parts/popup.tsx';
import { earlier } from '../../src/view/chart-layout/periods.ts';
import { shiftOf, withCompare } from '../../src/view/comparison.ts';
import { withTime } from '../../src/view/view.ts';
import { FilterRow } from './filter-row.tsx';
import { MeasureRow } from './measure-row.tsx';
import { SplitRow } from './split-row.tsx';
import './pill-bar.css';

/** The question, as pills: when, which flows, cut how, measured by what. */
export const PillBar = memo(function PillBar(): ReactNode {
  return (
    <section className="bar" aria-label="Query">
      <span className="bar-label">Time</span>
      <TimeRow />
      <span className="bar-label">Filter</span>
      <FilterRow />
      <span className="bar-label">Split</span>
      <div className="question-line question-line-wraps">
        <SplitRow />
        <MeasureRow />
      </div>
    </section>
  );
});

/** When, against which other time, and the way to all there is. */
export function TimeRow(): ReactNode {
  return (
    <div className="bar-row">
      <TimeOfView />
      <ComparePill />
      <AllTime />
    </div>
  );
}

function TimeOfView(): ReactNode {
  const { view, schema, range, go, menu, setMenu } = useExplorer();
  return (
    <TimePill
      time={view.time}
      range={range}
      newest={schema.span?.newest ?? 0}
      timezone={view.timezone}
      open={menu === 'time'}
      onOpenChange={(open) => setMenu(open ? 'time' : null)}
      onChoose={(time) => go(withTime(view, time))}
    />
  );
}

/** The way to all that there is, where the view shows a part of it: since when is that? */
function AllTime(): ReactNode {
  const { view, schema, range, go } = useExplorer();
  const { span } = schema;
  if (view.time.kind === 'all' || span === null || (range.from <= span.from && range.to >= span.to))
    return null;
  return (
    <button
      type="button"
      className="link bar-compare"
      title={`All data: ${formatRange(span, view.timezone)}`}
      onClick={() => go(withTime(view, { kind: 'all' }))}
    >
      all time
    </button>
  );
}

/** The other period, or the way to one. All time has nothing before it. */
function ComparePill(): ReactNode {
  const { view, range, go } = useExplorer();
  const [open, setOpen] = useState(false);
  const shift = shiftOf(view);
  if (shift === null) {
    return (
      <Popup
        open={open}
        onOpenChange={setOpen}
        label="Compare with"
        width={250}
        trigger={
          <button type="button" className="link bar-compare" title="Compare with another period (c)">
            compare
          </button>
        }
      >
        <CompareMenu onClose={() => setOpen(false)} />
      </Popup>
    );
  }
  return (
    <Pill
      kind="time"
      label="Compare with"
      open={open}
      onOpenChange={setOpen}
      onRemove={() => go(withCompare(view, null))}
      width={230}
      text={
        <>
          <span className="soft">against</span>
          <span>{formatRange(earlier(range, shift, view.timezone), view.timezone)}</span>
        </>
      }
    >
      <CompareMenu onClose={() => setOpen(false)} />
    </Pill>
  );
}
