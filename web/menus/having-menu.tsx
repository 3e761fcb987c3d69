import { type ReactNode, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Having } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { havingWords, leftOut } from '../../src/view/having.ts';
import { understandCondition } from '../understand/understand-condition.ts';
import './filter-menu.css';

/** A condition on a measure: rows with at least or at most an amount. Nothing applies before Apply or Enter. */
export function HavingMenu(props: {
  readonly measure: MeasureName;
  readonly condition: Having | null;
  readonly onApply: (condition: Having) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { schema, view } = useExplorer();
  const { measure, condition } = props;
  const { unit, label } = schema.measure(measure);
  const written = (bound: number | null, side: '>' | '<'): string => {
    if (bound === null) return '';
    const without = leftOut(bound, side);
    const value = without ?? bound;
    const amount = unit === 'share' ? `${Number((value * 100).toPrecision(12))}%` : String(value);
    return without === null ? amount : side + amount;
  };
  const [low, setLow] = useState(written(condition?.low ?? null, '>'));
  const [high, setHigh] = useState(written(condition?.high ?? null, '<'));
  const meaning = understandCondition(low, high, unit);
  const rows = view.splits.length === 0 ? 'rows, once there is a split' : 'innermost rows';
  return (
    <form
      className="filter-menu"
      onSubmit={(event) => {
        event.preventDefault();
        if (meaning.kind === 'condition') props.onApply({ measure, low: meaning.low, high: meaning.high });
      }}
    >
      <div className="filter-pane">
        <div className="filter-range">
          <input
            className="input"
            data-focus-first=""
            placeholder="from"
            aria-label={`${label}, at least`}
            value={low}
            onChange={(event) => setLow(event.target.value)}
          />
          <span className="soft">to</span>
          <input
            className="input"
            placeholder="to"
            aria-label={`${label}, at most`}
            value={high}
            onChange={(event) => setHigh(event.target.value)}
          />
        </div>
        <p
          className={`hint${meaning.kind === 'fault' ? ' hint-bad' : meaning.kind === 'condition' ? ' filter-does' : ''}`}
          role="status"
        >
          {meaning.kind === 'fault'
            ? meaning.why
            : meaning.kind === 'condition'
              ? `Only ${rows} with ${label.toLowerCase()} of ${meaning.words}`
              : `Only ${rows} within this range (inclusive).`}
        </p>
      </div>
      <div className="popup-foot">
        <span className="grow" />
        <button type="button" className="button" onClick={props.onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-main" disabled={meaning.kind !== 'condition'}>
          Apply
        </button>
      </div>
    </form>
  );
}

/** `Flows 1,000 or more`. */
export function HavingText(props: { readonly condition: Having }): ReactNode {
  const { schema } = useExplorer();
  const { unit, label } = schema.measure(props.condition.measure);
  return (
    <>
      <span>{label}</span>
      <span className="soft">of a row</span>
      <span>{havingWords(props.condition, unit, ' – ')}</span>
    </>
  );
}
