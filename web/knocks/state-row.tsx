import type { ReactNode } from 'react';
import { type FindingState, findingStates, stateWords } from '../../src/model/knocks/finding-state.ts';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import { formatCount } from '../../src/view/format/numbers.ts';
import { MarkKnown } from './mark-known.tsx';

/** Filter by state, with the number of findings in each, and a button that sets all new ones to known. */
export function StateRow(props: {
  readonly findings: readonly FindingWithState[];
  readonly state: FindingState | undefined;
  readonly onChange: (state: FindingState | undefined) => void;
}): ReactNode {
  const { findings, state } = props;
  const choices = [
    { value: undefined, label: 'All', count: findings.length },
    ...findingStates
      .map((value) => ({
        value,
        label: stateWords[value],
        count: findings.filter((one) => one.state === value).length,
      }))
      .filter((each) => each.count > 0 || each.value === state),
  ];
  return (
    <>
      <span className="bar-label">State</span>
      <div className="bar-row kinds" role="group" aria-label="State">
        {choices.map(({ value, label, count }) => (
          <button
            key={label}
            type="button"
            className="kind"
            aria-pressed={value === state}
            onClick={() => props.onChange(value)}
          >
            {label} <span>{formatCount(count)}</span>
          </button>
        ))}
        <MarkKnown findings={findings} />
      </div>
    </>
  );
}
