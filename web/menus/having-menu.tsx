import { type ReactNode, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Having } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { formatAmount } from '../../src/view/format/numbers.ts';
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
  const written = (value: number | null | undefined): string => {
    if (value === null || value === undefined) return '';
    return unit === 'share' ? `${Number((value * 100).toPrecision(12))}%` : String(value);
  };
  const [low, setLow] = useState(written(condition?.low));
  const [high, setHigh] = useState(written(condition?.high));
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
  const { measure, low, high } = props.condition;
  const { unit, label } = schema.measure(measure);
  const [least, most] = [formatAmount(low, unit), formatAmount(high, unit)];
  return (
    <>
      <span>{label}</span>
      <span className="soft">of a row</span>
      <span>
        {high === null ? `${least} or more` : low === null ? `up to ${most}` : `${least} – ${most}`}
      </span>
    </>
  );
}
