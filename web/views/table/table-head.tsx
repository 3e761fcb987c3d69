import { Fragment, type ReactNode } from 'react';
import { labelWidth } from '../../charts/text-width.ts';
import { ticksIn, timeTicks } from '../../charts/ticks.ts';
import { chevronIcon } from '../../parts/icons.tsx';
import { useExplorer } from '../../data/explorer-context.ts';
import type { Schema } from '../../data/use-schema.ts';
import { sortBy, sortOf } from '../../state/view-measures.ts';
import { TIME } from '../../../src/view/view.ts';
import { durationName } from '../../../src/view/time/iso-duration.ts';
import type { TableLayout } from './table-layout.ts';
import type { TableModel } from './model.ts';

/** The heads of the columns; a click on a measure sorts by it. */
export function TableHead(props: {
  readonly model: TableModel;
  /** What the first column holds. */
  readonly title: string;
  readonly layout: TableLayout;
  /** Whether any row is collapsed; null: there is nothing to collapse. */
  readonly folded: boolean | null;
  readonly onFoldAll: (fold: boolean) => void;
}): ReactNode {
  const { view, schema, go } = useExplorer();
  const { spec, timeSeries } = props.model;
  const { strip, compact } = props.layout;
  const sort = sortOf(spec.view);
  const sortable = view.splits.some((split) => split.field !== TIME);
  return (
    <div className="table-head" role="row" style={{ gridTemplateColumns: props.layout.columns }}>
      <div role="columnheader" className="ellipsis">
        {props.folded !== null && (
          <button
            type="button"
            className={`row-fold${props.folded ? '' : ' row-fold-open'}`}
            title={props.folded ? 'Expand all (Shift →)' : 'Collapse all (Shift ←)'}
            aria-label={props.folded ? 'Expand all' : 'Collapse all'}
            onClick={() => props.onFoldAll(props.folded === false)}
          >
            {chevronIcon}
          </button>
        )}
        {props.title}
      </div>
      {props.model.measures.map(({ name }) => {
        const sorted = sort?.by === name;
        return (
          <Fragment key={name}>
            <div
              role="columnheader"
              aria-sort={sorted ? (sort.order === 'desc' ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                className="table-sort ellipsis"
                aria-pressed={sorted}
                title={`${schema.measure(name).label}: ${schema.measure(name).description}. Click to sort.`}
                disabled={!sortable}
                onClick={() => go(sortBy(view, name))}
              >
                {schema.measure(name).label}
                {sorted && (sort.order === 'desc' ? ' ↓' : ' ↑')}
              </button>
            </div>
            {props.model.before !== null && (
              <div role="columnheader" className="cell-change">
                <span className="cell-was" title="In the other period">
                  Before
                </span>
                {(
                  [
                    ['delta', 'Change', 'Difference from the other period. Click to sort.'],
                    ['change', '%', 'Difference in per cent of the other period. Click to sort.'],
                  ] as const
                ).map(([of, text, title]) => {
                  const by = `${name}_${of}`;
                  return (
                    <button
                      key={of}
                      type="button"
                      className="table-sort"
                      aria-pressed={sort?.by === by}
                      title={title}
                      disabled={!sortable}
                      onClick={() => go(sortBy(view, by))}
                    >
                      {text}
                      {sort?.by === by && (sort.order === 'desc' ? ' ↓' : ' ↑')}
                    </button>
                  );
                })}
              </div>
            )}
          </Fragment>
        );
      })}
      {timeSeries !== null && (
        <>
          {!compact && (
            <>
              <div role="columnheader" title="Minimum and maximum per complete bucket with data">
                Per {durationName(timeSeries.duration)}
              </div>
              <div role="columnheader" title="Average interval, if steady">
                <span className={timeSeries.attempts ? undefined : 'visually-hidden'}>Every</span>
              </div>
            </>
          )}
          <div role="columnheader" className="strip-axis">
            <span className="visually-hidden">Over time</span>
            <svg width={strip} height={26} aria-hidden="true">
              <Axis model={props.model} width={strip} />
            </svg>
          </div>
        </>
      )}
    </div>
  );
}

/** What the first column of a table holds: its splits, without the time of a time series. */
export function headOf({ spec, timeSeries }: TableModel, schema: Schema): string {
  const named = timeSeries === null ? spec.splits : spec.splits.slice(0, -1);
  return named.map((split) => schema.dimension(split.field).label).join(' › ');
}

function Axis(props: { readonly model: TableModel; readonly width: number }): ReactNode {
  const { timeSeries, spec } = props.model;
  if (timeSeries === null) return null;
  const { range } = timeSeries;
  const scale = props.width / (range.to - range.from);
  const ticks = timeTicks(range, spec.view.timezone, ticksIn(props.width));
  return ticks.map((tick) => {
    const x = (tick.at - range.from) * scale;
    if (x + labelWidth(tick.label) > props.width) return null;
    return (
      <text key={tick.at} x={x} y={17}>
        {tick.label}
      </text>
    );
  });
}
