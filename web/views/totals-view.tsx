import { type ReactNode, useMemo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { type Answered, useAnswer } from '../data/use-answer.ts';
import { useTopValues } from '../data/use-values.ts';
import { formatAmount, formatShare, toNumber } from '../format/numbers.ts';
import { ValueText } from '../parts/value-text.tsx';
import { type Asked, ask } from '../picture/asked.ts';
import { isAdditive } from '../picture/lines.ts';
import { toneOf, toneOfPath } from '../picture/tone.ts';
import { only } from '../state/filters.ts';
import { splitOnly } from '../state/splits.ts';
import { withVisualization } from '../state/view.ts';
import type { Span } from '../time/buckets.ts';
import { LinesView } from './lines-view.tsx';
import './totals-view.css';

/** The first looks worth taking; each is shown if the logs have it. */
const glances = ['action', 'dstport', 'dstaddr', 'srcaddr'];

/** The whole: how it went over time, and what it is made of. Each value is a click into it. */
export function TotalsView(props: {
  readonly range: Span;
  readonly total: readonly Cell[] | null;
}): ReactNode {
  const { view, schema } = useExplorer();
  const { query, asked } = useMemo(
    () =>
      ask(
        withVisualization({ ...view, splits: [], measures: view.measures.slice(0, 1) }, 'lines'),
        props.range,
      ),
    [view, props.range],
  );
  const { data, stale, error } = useAnswer<Asked>(query, asked, schema.revision);
  return (
    <div className="overview">
      <div className={stale ? 'stale' : undefined}>
        {data === null ? <div style={{ height: 240 }} /> : <OverTime answered={data} range={props.range} />}
      </div>
      {error !== null && <p className="hint hint-bad">{error.message}</p>}
      <div className="glance">
        {glances
          .filter((field) => schema.dimension(field).logged)
          .map((field) => (
            <TopList key={field} field={field} total={props.total?.[0] ?? null} />
          ))}
      </div>
    </div>
  );
}

function OverTime(props: { readonly answered: Answered<Asked>; readonly range: Span }): ReactNode {
  const { answer } = props.answered;
  const range = useMemo(
    () =>
      answer.range === null
        ? props.range
        : { from: Date.parse(answer.range.from), to: Date.parse(answer.range.to) },
    [answer, props.range],
  );
  return <LinesView answered={props.answered} range={range} single={230} />;
}

function TopList(props: { readonly field: string; readonly total: Cell }): ReactNode {
  const { view, schema, go } = useExplorer();
  const { field } = props;
  const dimension = schema.dimension(field);
  const measure = view.measures[0] ?? 'flows';
  const { unit, label } = schema.measure(measure);
  const top = useTopValues(view, field, { limit: 6, revision: schema.revision });
  const total = isAdditive(measure) ? toNumber(props.total) : null;
  const most = Math.max(...(top.values ?? []).map((each) => toNumber(each.amount) ?? 0), 0);
  return (
    <section className="top-list" aria-label={dimension.label}>
      <h3>
        <button
          type="button"
          title={`Split by ${dimension.label}`}
          onClick={() => go(splitOnly(view, field))}
        >
          {dimension.label}
        </button>
        <span>{total === null ? label.toLowerCase() : `share of ${label.toLowerCase()}`}</span>
      </h3>
      {top.values?.map(({ value, amount }) => {
        const number = toNumber(amount);
        const share =
          number === null || most <= 0 ? 0 : number / (total !== null && total > 0 ? total : most);
        return (
          <button
            key={JSON.stringify(value)}
            type="button"
            className={`top-item tone-${toneOfPath([field], [value], toneOf(view, measure))}`}
            style={{ '--share': String(Math.max(0, Math.min(1, share))) }}
            title={`Keep only these: ${formatAmount(amount, unit)}`}
            onClick={() => go(only(view, [{ field, bucket: null, value }]))}
          >
            <span className="ellipsis">
              <ValueText field={field} type={dimension.type} value={value} />
            </span>
            <span className="top-amount">
              {shareText(number, total) ?? (isAdditive(measure) ? '' : formatAmount(amount, unit))}
            </span>
          </button>
        );
      })}
      {top.error !== null && <p className="hint hint-bad">{top.error.message}</p>}
      {top.values?.length === 0 && <p className="hint">none</p>}
    </section>
  );
}

function shareText(amount: number | null, total: number | null): string | null {
  return amount === null || total === null || total <= 0 ? null : formatShare(amount / total);
}
