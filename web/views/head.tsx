import type { ReactNode } from 'react';
import { type MeasureName, isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Cell } from '../../src/model/query/answer.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { formatAmount, formatBig, formatChange, formatDelta } from '../../src/view/format/numbers.ts';
import { Segments } from '../parts/segments.tsx';
import {
  type LineStyle,
  TIME,
  type View,
  lineStyles,
  withLines,
  withPercent,
  withVisualization,
} from '../../src/view/view.ts';
import { visualizationRows, visualizations } from '../../src/view/visualizations.ts';
import { NOT_COMPARABLE, comparableOf, isComparable } from '../../src/view/chart-layout/comparable.ts';
import { isAdditive } from '../../src/view/chart-layout/lines.ts';
import { countsRejected } from '../../src/view/chart-layout/tone.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { drawMeasure } from '../state/view-measures.ts';
import { chartMeasureOf, isSingleMeasure, shownVisualization } from '../../src/view/visualization.ts';
import './head.css';

/** The whole in big figures, and how the chart below is drawn. */
export function Head(props: {
  /** The measures of the whole, of the view that was asked; null: not there yet. */
  readonly total: {
    readonly view: View;
    readonly values: readonly Cell[];
    /** The same of the other period; null: nothing is compared. */
    readonly before: readonly Cell[] | null;
  } | null;
  readonly stale: boolean;
}): ReactNode {
  const { view, schema, range, go } = useExplorer();
  const shift = shiftOf(view);
  const comparable = shift === null ? 'all' : comparableOf(range, shift, view.timezone, schema.coverage);
  const shown = shownVisualization(view);
  // A time that is innermost is a time series in the row, not a row below it.
  const levels = view.splits.length - (view.splits.at(-1)?.field === TIME ? 1 : 0);
  const measures = props.total?.view.measures ?? view.measures;
  return (
    <div className="head">
      <div className="head-tools">
        {shown === 'table' && <Amounts parents={levels > 1} />}
        {shown === 'lines' && <LineStyles />}
        {isSingleMeasure(view) && <Drawn />}
        <Segments
          label="Visualization"
          value={shown}
          onChange={(visualization) => go(withVisualization(view, visualization))}
          segments={visualizations.map((value) => ({
            value,
            label: visualizationRows[value].label,
          }))}
        />
        <select
          className="select head-narrow"
          aria-label="Visualization"
          value={shown}
          onChange={(event) => {
            const chosen = visualizations.find((each) => each === event.target.value);
            if (chosen !== undefined) go(withVisualization(view, chosen));
          }}
        >
          {visualizations.map((value) => (
            <option key={value} value={value}>
              {visualizationRows[value].label}
            </option>
          ))}
        </select>
      </div>
      <dl className={`totals${props.stale ? ' stale' : ''}`}>
        {measures.map((name, index) => {
          const measure = schema.measure(name);
          const value = props.total?.values[index];
          return (
            <div
              key={name}
              className={`total${countsRejected(name) ? ' total-reject' : ''}`}
              title={measure.description}
            >
              <dt>
                <small>{measure.label}</small>
              </dt>
              <dd>
                <b title={formatAmount(value, measure.unit)}>
                  {props.total === null ? '\u00a0' : formatBig(value, measure.unit)}
                </b>
                {props.total?.before && !isComparable(comparable, measure.unit) && (
                  <span className="total-change soft" title={NOT_COMPARABLE}>
                    change unknown
                  </span>
                )}
                {props.total?.before && isComparable(comparable, measure.unit) && (
                  <span
                    className="total-change"
                    title={`${formatAmount(props.total.before[index], measure.unit)} before`}
                  >
                    {formatDelta(value, props.total.before[index], measure.unit)}{' '}
                    <span className="soft">{formatChange(value, props.total.before[index])}</span>
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

/** Chooses the measure that the chart draws: one of those above, or any other. */
function Drawn(): ReactNode {
  const { view, schema, go } = useExplorer();
  // Bands need a measure that adds up.
  const fits = (name: MeasureName): boolean => shownVisualization(view) !== 'sankey' || isAdditive(name);
  const options = (names: readonly MeasureName[]): ReactNode =>
    names.filter(fits).map((name) => (
      <option key={name} value={name}>
        {schema.measure(name).label}
      </option>
    ));
  const others = schema.measures.flatMap(({ name }) => (view.measures.includes(name) ? [] : name));
  return (
    <select
      className="select"
      aria-label="Chart measure"
      title="Chart measure"
      value={chartMeasureOf(view, fits).measure}
      onChange={(event) => {
        if (isMeasureName(event.target.value)) go(drawMeasure(view, event.target.value));
      }}
    >
      {options(view.measures)}
      <optgroup label="Other measures">{options(others)}</optgroup>
    </select>
  );
}

const styleNames: Readonly<Record<LineStyle, string>> = {
  log: 'Log scale',
  multiples: 'Multiples',
  'multiples-log': 'Multiples, log',
};

/** Chooses the scale of lines, and whether each has a chart of its own. */
function LineStyles(): ReactNode {
  const { view, go } = useExplorer();
  return (
    <select
      className="select"
      aria-label="Draw lines"
      title="Draw lines"
      value={view.lines ?? ''}
      onChange={({ target: { value } }) =>
        go(withLines(view, lineStyles.find((each) => each === value) ?? null))
      }
    >
      <option value="">Linear scale</option>
      {lineStyles.map((style) => (
        <option key={style} value={style}>
          {styleNames[style]}
        </option>
      ))}
    </select>
  );
}

/** Whether amounts are shown as they are, or as shares of the whole or of the row above. */
function Amounts(props: { readonly parents: boolean }): ReactNode {
  const { view, go } = useExplorer();
  return (
    <select
      className="select"
      aria-label="Show values as"
      title="Show values as"
      value={view.percent === 'parent' && !props.parents ? 'total' : (view.percent ?? 'amounts')}
      onChange={({ target: { value } }) =>
        go(withPercent(view, value === 'total' || value === 'parent' ? value : null))
      }
    >
      <option value="amounts">Values</option>
      <option value="total">% of total</option>
      {props.parents && <option value="parent">% of parent</option>}
    </select>
  );
}
