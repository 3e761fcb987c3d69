import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { Segments } from '../parts/segments.tsx';
import { defaultGranularity } from '../../src/model/time/default-granularity.ts';
import { granularities } from '../state/granularity-choices.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { defaultSort } from '../../src/view/to-query.ts';
import { changeSplit, moveSplit, removeSplit, splitLimits } from '../../src/view/splits.ts';
import { type SplitChoice, TIME } from '../../src/view/view.ts';
import { durationName } from '../../src/view/time/iso-duration.ts';
import './split-menu.css';

/** The settings of a split; changes apply at once. */
export function SplitMenu(props: { readonly index: number; readonly onClose: () => void }): ReactNode {
  const { view, schema, go } = useExplorer();
  const split = view.splits[props.index];
  if (split === undefined) return null;
  const dimension = schema.dimension(split.field);
  const change = (part: Partial<SplitChoice>): void => go(changeSplit(view, props.index, part));
  return (
    <>
      <div className="split-menu">
        {split.field === TIME ? (
          <Granularity split={split} onChange={change} />
        ) : (
          <>
            <span className="split-label">At most</span>
            <Segments
              small
              label="At most"
              value={split.limit}
              onChange={(limit) => change({ limit })}
              segments={splitLimits.map((limit) => ({ value: limit, label: String(limit) }))}
            />
            {(dimension.type === 'integer' || dimension.type === 'counter') && (
              <NumberBucket split={split} isAmount={dimension.type === 'counter'} onChange={change} />
            )}
          </>
        )}
        <Sort split={split} onChange={change} />
      </div>
      <div className="popup-foot">
        <button
          type="button"
          className="button"
          disabled={props.index === 0}
          onClick={() => {
            go(moveSplit(view, props.index, -1));
            props.onClose();
          }}
        >
          ← Out
        </button>
        <button
          type="button"
          className="button"
          disabled={props.index === view.splits.length - 1}
          onClick={() => {
            go(moveSplit(view, props.index, 1));
            props.onClose();
          }}
        >
          In →
        </button>
        <span className="grow" />
        <button
          type="button"
          className="button"
          onClick={() => {
            props.onClose();
            go(removeSplit(view, props.index));
          }}
        >
          Remove
        </button>
      </div>
    </>
  );
}

interface PartProps {
  readonly split: SplitChoice;
  readonly onChange: (part: Partial<SplitChoice>) => void;
}

function Granularity({ split, onChange }: PartProps): ReactNode {
  const { range } = useExplorer();
  const suited = defaultGranularity(range);
  const short: Readonly<Record<string, string>> = {
    PT1M: '1 min',
    PT5M: '5 min',
    PT1H: 'Hour',
    P1D: 'Day',
    P1W: 'Week',
    P1M: 'Month',
  };
  return (
    <>
      <span className="split-label">Every</span>
      <Segments
        small
        label="Every"
        value={split.bucket?.kind === 'time' ? split.bucket.duration : ''}
        onChange={(duration) => onChange({ bucket: duration === '' ? null : { kind: 'time', duration } })}
        segments={[
          { value: '', label: 'Auto', hint: `Follows the range: by ${durationName(suited)} now` },
          ...granularities.map((each) => ({ value: each, label: short[each] ?? each })),
        ]}
      />
    </>
  );
}

const widths = [10, 100, 1000, 1024, 10_000];

function NumberBucket({ split, isAmount, onChange }: PartProps & { readonly isAmount: boolean }): ReactNode {
  const width = split.bucket?.kind === 'number' ? split.bucket.width : 0;
  return (
    <>
      <span className="split-label">Bucket width</span>
      <Segments
        small
        label="Bucket width"
        value={width}
        onChange={(next) => onChange({ bucket: next === 0 ? null : { kind: 'number', width: next } })}
        segments={[
          ...(isAmount ? [] : [0]),
          ...widths,
          ...(widths.includes(width) || width === 0 ? [] : [width]),
        ].map((each) => ({
          value: each,
          label: each === 0 ? '1' : String(each),
        }))}
      />
    </>
  );
}

function Sort({ split, onChange }: PartProps): ReactNode {
  const { view, schema } = useExplorer();
  const sort = split.sort ?? defaultSort(split.field, view);
  return (
    <>
      <label htmlFor="split-sort">Sort by</label>
      <span className="split-row">
        <select
          id="split-sort"
          className="select"
          value={sort.by}
          onChange={(event) => onChange({ sort: { ...sort, by: event.target.value } })}
        >
          {view.measures.map((name) => (
            <option key={name} value={name}>
              {schema.measure(name).label}
            </option>
          ))}
          {shiftOf(view) !== null &&
            view.measures.flatMap((name) => [
              <option key={`${name}_delta`} value={`${name}_delta`}>
                {schema.measure(name).label}, change
              </option>,
              <option key={`${name}_change`} value={`${name}_change`}>
                {schema.measure(name).label}, change in %
              </option>,
            ])}
          <option value={split.field}>{schema.dimension(split.field).label}</option>
        </select>
        <Segments
          small
          label="Order"
          value={sort.order}
          onChange={(order) => onChange({ sort: { ...sort, order } })}
          segments={[
            { value: 'desc', label: 'Desc', hint: 'Descending' },
            { value: 'asc', label: 'Asc', hint: 'Ascending' },
          ]}
        />
      </span>
    </>
  );
}
