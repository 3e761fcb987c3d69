import { type ReactNode, useMemo } from 'react';
import { problemWords } from '../data/problem-words.ts';
import { CHART_ROOM, useSize } from '../charts/use-size.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { type Answered, useAnswer } from '../data/use-answer.ts';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import { askOverTime } from '../../src/view/chart-layout/over-time.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { LinesView } from './lines-view.tsx';
import { TopList } from './top-list.tsx';
import './totals-view.css';

/** The first looks worth taking: those that the logs have and that are not pinned, as many as there is room for. */
const glances = [
  'action',
  'protocol',
  'interface_id',
  'srcport',
  'dstport',
  'dstaddr',
  'srcaddr',
  'src_country',
  'dst_name',
  'service_name',
  'initiator',
];
/** From this height on there is room for two rows of four. */
const TALL = 940;

/** The whole: how it went over time, and what it is made of. Each value is a click into it. */
export function TotalsView(): ReactNode {
  const { view, schema, range, askable } = useExplorer();
  const [element, , room] = useSize<HTMLDivElement>('overview', CHART_ROOM);
  const { query, spec } = useMemo(() => askOverTime(view, range), [view, range]);
  const { data, stale, error } = useAnswer<ChartSpec>(askable ? query : null, spec, schema.revision);
  return (
    <div ref={element} className="overview">
      <div className={`overview-time${stale ? ' stale' : ''}`}>
        {data !== null && <OverTime answered={data} range={range} />}
      </div>
      {error !== null && <p className="hint hint-bad">{problemWords(error)}</p>}
      <div className="glance">
        {glances
          .filter((field) => schema.dimension(field).logged && !view.pins.includes(field))
          .slice(0, room >= TALL ? 8 : 4)
          .map((field) => (
            <TopList key={field} field={field} limit={6} />
          ))}
      </div>
    </div>
  );
}

function OverTime(props: { readonly answered: Answered<ChartSpec>; readonly range: Span }): ReactNode {
  const { answer } = props.answered;
  const range = useMemo(
    () =>
      answer.range === null
        ? props.range
        : { from: Date.parse(answer.range.from), to: Date.parse(answer.range.to) },
    [answer, props.range],
  );
  return <LinesView answered={props.answered} range={range} kind="lines" single />;
}
