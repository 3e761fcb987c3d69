import type { ReactNode } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { formatAmount, formatBig } from '../format/numbers.ts';
import { Segments } from '../parts/segments.tsx';
import {
  type View,
  type Visualization,
  visualizations,
  withPercent,
  withVisualization,
} from '../state/view.ts';
import { shownVisualization } from '../state/visualization.ts';
import './head.css';

const names: Readonly<Record<Visualization, string>> = {
  totals: 'Totals',
  table: 'Table',
  lines: 'Lines',
  area: 'Area',
  bars: 'Bars',
  heat: 'Heat map',
  sankey: 'Sankey',
  records: 'Records',
};

/** The whole in big figures, and how the picture below is drawn. */
export function Head(props: {
  /** The measures of the whole, of the view that was asked; null: not there yet. */
  readonly total: { readonly view: View; readonly values: readonly Cell[] } | null;
  readonly stale: boolean;
}): ReactNode {
  const { view, schema, go } = useExplorer();
  const shown = shownVisualization(view);
  const measures = props.total?.view.measures ?? view.measures;
  return (
    <div className="head">
      <dl className={`totals${props.stale ? ' stale' : ''}`}>
        {measures.map((name, index) => {
          const measure = schema.measure(name);
          const value = props.total?.values[index];
          return (
            <div
              key={name}
              className={`total${name === 'rejected_share' || name === 'rejected_flows' ? ' total-reject' : ''}`}
              title={measure.description}
            >
              <dt>
                <small>{measure.label}</small>
              </dt>
              <dd>
                <b title={formatAmount(value, measure.unit)}>
                  {props.total === null ? '\u00a0' : formatBig(value, measure.unit)}
                </b>
              </dd>
            </div>
          );
        })}
      </dl>
      <div className="head-tools">
        {shown === 'table' && (
          <button
            type="button"
            className="percent"
            aria-pressed={view.percent}
            title="Show amounts as shares of the whole"
            onClick={() => go(withPercent(view, !view.percent))}
          >
            % of total
          </button>
        )}
        <Segments
          label="Visualization"
          value={shown}
          onChange={(visualization) => go(withVisualization(view, visualization))}
          segments={visualizations.map((value) => ({
            value,
            label: names[value],
          }))}
        />
      </div>
    </div>
  );
}
