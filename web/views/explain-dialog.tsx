import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import {
  type Combination,
  type ExplainBy,
  type Explanation,
  MOST_COMBINATIONS,
} from '../../src/model/explain/explanation.ts';
import { whyNoDifference } from '../../src/model/explain/no-difference.ts';
import { postJson } from '../data/api.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { counted, formatAmount } from '../../src/view/format/numbers.ts';
import { formatRange } from '../../src/view/format/times.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { Segments } from '../parts/segments.tsx';
import { ValueText } from '../parts/value-text.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { shiftOf } from '../../src/view/comparison.ts';
import {
  type Baseline,
  type ExplainTarget,
  explainJson,
  onlyChosen,
  withCombination,
} from '../state/explain-request.ts';
import './explain-dialog.css';

/** What makes the chosen flows differ from all others of the view, or from the same ones of the other period. */
export function ExplainDialog(props: {
  readonly what: ExplainTarget;
  readonly onClose: () => void;
}): ReactNode {
  const { schema } = useExplorer();
  const { what } = props;
  const compared = shiftOf(what.view) !== null;
  const [against, setAgainst] = useState<Baseline>('rest');
  const [by, setBy] = useState<ExplainBy>('flows');
  const json = useMemo(() => explainJson(what, against, by), [what, against, by]);
  const { data, error, refetch } = useQuery({
    queryKey: ['explain', json, schema.revision],
    queryFn: ({ signal }) => postJson<Explanation>('/api/v1/explain', json, signal),
  });
  return (
    <Dialog title="Explain the difference" onClose={props.onClose}>
      <div className="explain-choices">
        {compared && (
          <Segments
            label="Baseline"
            value={against}
            onChange={setAgainst}
            segments={[
              { value: 'rest', label: 'Compared with the rest' },
              { value: 'before', label: 'Compared with the other period' },
            ]}
          />
        )}
        <Segments
          label="Count by"
          value={by}
          onChange={setBy}
          segments={[
            { value: 'flows', label: 'Flows' },
            { value: 'bytes', label: 'Bytes' },
          ]}
        />
      </div>
      <div className="explain" aria-busy={data === undefined && error === null}>
        {error !== null ? (
          <ProblemPanel error={error} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <p className="soft" role="status">
            Searching for what they have in common…
          </p>
        ) : (
          <ExplainResults explanation={data} what={what} onClose={props.onClose} />
        )}
      </div>
    </Dialog>
  );
}

function ExplainResults(props: {
  readonly explanation: Explanation;
  readonly what: ExplainTarget;
  readonly onClose: () => void;
}): ReactNode {
  const { view, schema } = useExplorer();
  const { by, totals, combinations, earlier, dimensions, notes } = props.explanation;
  const others =
    earlier === null
      ? '(the rest of the view)'
      : `of ${formatRange({ from: Date.parse(earlier.from), to: Date.parse(earlier.to) }, view.timezone)}`;
  const nothing = combinations.length === 0 ? whyNoDifference(totals) : null;
  return (
    <>
      <p className="explain-lead">
        {amountOf(totals.selected, by)} against {amountOf(totals.rest, by)} {others}.{' '}
        <span className="soft">Association, not cause.</span>
      </p>
      {nothing !== null ? (
        <p>{nothing}</p>
      ) : (
        <ul aria-label="Results">
          {combinations.map((one) => (
            <Row key={JSON.stringify(one.values)} one={one} {...props} />
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note} className="hint">
          <LinkedText text={note} />
        </p>
      ))}
      <p className="hint">
        {combinations.length >= MOST_COMBINATIONS ? `Top ${MOST_COMBINATIONS} results. ` : ''}
        {by === 'bytes' && 'No confidence bound for bytes: a single flow can carry most of them. '}
        Dimensions compared: {dimensions.map((name) => schema.dimension(name).label.toLowerCase()).join(', ')}
        .
      </p>
    </>
  );
}

/** One combination: its values, how common they are on either side, and the way to its flows. */
function Row(props: {
  readonly one: Combination;
  readonly explanation: Explanation;
  readonly what: ExplainTarget;
  readonly onClose: () => void;
}): ReactNode {
  const { schema, go } = useExplorer();
  const { one, explanation } = props;
  const isBounded = one.ratio_low !== null && one.ratio_high !== null;
  const [difference, ...amounts] = one.text.split(': ');
  return (
    <li>
      <div className="explain-values">
        {one.values.map(({ field, value }) => {
          const dimension = schema.dimension(field);
          return (
            <span key={field} className="pill pill-split">
              <span className="pill-main">
                <span className="soft">{dimension.label}</span>
                <span className="ellipsis">
                  <ValueText field={field} type={dimension.type} value={value} />
                </span>
              </span>
            </span>
          );
        })}
      </div>
      <div className="explain-numbers">
        <b>{difference}</b>
        <span
          title={`${amountOf(one.selected, explanation.by)} and ${amountOf(one.rest, explanation.by)}${isBounded ? `; the ratio lies between ${times(one.ratio_low)} and ${times(one.ratio_high)} with 95 % confidence` : ''}`}
        >
          {amounts.join(': ')}
        </span>
      </div>
      <button
        type="button"
        className="button"
        aria-label={`Only ${one.values.map(({ value }) => String(value)).join(', ')}`}
        onClick={() => {
          props.onClose();
          go(withCombination(onlyChosen(props.what), one));
        }}
      >
        Only
      </button>
    </li>
  );
}

/** `1,204 flows`, `3.2 GB`. */
function amountOf(amount: number, by: ExplainBy): string {
  return by === 'flows' ? counted(amount, 'flow') : formatAmount(amount, 'bytes');
}

function times(ratio: number): string {
  return formatAmount(ratio >= 20 ? Math.round(ratio) : Math.round(ratio * 10) / 10, 'count');
}
