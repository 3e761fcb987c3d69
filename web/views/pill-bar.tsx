import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatRange } from '../format/times.ts';
import { TimeMenu, timeTitle } from '../menus/time-menu.tsx';
import { Pill } from '../parts/pill.tsx';
import { FilterRow } from './filter-row.tsx';
import { MeasureRow } from './measure-row.tsx';
import { SplitRow } from './split-row.tsx';
import './pill-bar.css';

/** The question, as pills: when, which flows, cut how, measured by what. */
export function PillBar(): ReactNode {
  return (
    <section className="bar" aria-label="Question">
      <span className="bar-label">Time</span>
      <div className="bar-row">
        <TimePill />
      </div>
      <span />
      <span className="bar-label">Filter</span>
      <FilterRow />
      <span className="bar-label">Split</span>
      <SplitRow />
      <MeasureRow />
    </section>
  );
}

function TimePill(): ReactNode {
  const { view, range, menu, setMenu } = useExplorer();
  const resolved = formatRange(range, view.timezone);
  return (
    <Pill
      kind="time"
      label="Time"
      open={menu === 'time'}
      onOpenChange={(open) => setMenu(open ? 'time' : null)}
      width={440}
      text={
        view.time.kind === 'absolute' ? (
          <b>{resolved}</b>
        ) : (
          <>
            <b>{timeTitle(view.time)}</b>
            <span className="soft">{resolved}</span>
          </>
        )
      }
    >
      <TimeMenu onClose={() => setMenu(null)} />
    </Pill>
  );
}
