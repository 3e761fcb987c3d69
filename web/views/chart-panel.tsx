import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { CHART_ROOM, useSize } from '../charts/use-size.ts';
import { useExplorer } from '../data/explorer-context.ts';
import type { AnswerState, Answered } from '../data/use-answer.ts';
import { useRecords } from '../data/use-records.ts';
import { formatCount, counted } from '../../src/view/format/numbers.ts';
import { useDrop } from '../gestures/use-drop.ts';
import type { Panel, Panels, Side } from '../parts/panels.ts';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import { rowsText } from '../../src/view/chart-layout/rows-text.ts';
import { totalOf } from '../../src/view/chart-layout/tree.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';
import { shownVisualization } from '../../src/view/visualization.ts';
import { WaitText } from '../parts/wait-text.tsx';
import { Footer, type Made } from './footer.tsx';
import { Frame } from './frame.tsx';
import { Head } from './head.tsx';
import { QuestionProblem } from './question-problem.tsx';
import { RecordsView } from './records-view.tsx';
import { TotalsView } from './totals-view.tsx';
import { Visual } from './visual.tsx';

/** The middle of the page: totals, the visualization, and the footer that says what they are made of. */
export function ChartPanel(props: {
  readonly state: AnswerState<ChartSpec>;
  readonly link: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly panels: Panels;
  readonly onPanel: (side: Side, part: Partial<Panel>) => void;
}): ReactNode {
  const { view, schema, askable } = useExplorer();
  const { data, stale, error, retry } = props.state;
  const total = useMemo(
    () =>
      data === null
        ? null
        : {
            view: data.spec.view,
            values: totalOf(data.answer) ?? [],
            before: data.before === null ? null : totalOf(data.before),
          },
    [data],
  );
  const madeHere = useMemo(() => (data === null ? null : madeOf(data)), [data]);
  const [made, setMade] = useState<Made | null>(null);
  const shown = shownVisualization(view);
  const records = shown === 'records';
  const center = useRef<HTMLElement>(null);
  const hovering = useDrop(center, 'chart');
  const [body] = useSize<HTMLDivElement>(CHART_ROOM);
  return (
    <>
      <Frame panels={props.panels} onPanel={props.onPanel} left={props.left} right={props.right}>
        <main ref={center} className="center">
          {hovering !== null && (
            <div className="drop-chart">
              <span>Split by {schema.dimension(hovering.dragged.field).label}</span>
            </div>
          )}
          <Head total={error === null ? total : null} stale={stale} />
          {error !== null ? (
            <QuestionProblem error={error} onRetry={retry} />
          ) : records ? (
            askable && <Records key={recordsKey(view)} flows={flowsOf(data)} onMade={setMade} />
          ) : data === null && shown !== 'totals' ? (
            askable && <WaitText>Counting …</WaitText>
          ) : (
            <div ref={body} className={`chart-body${stale ? ' stale' : ''}`} aria-busy={stale}>
              {data === null ? <TotalsView /> : <Visual answered={data} />}
            </div>
          )}
        </main>
      </Frame>
      <Footer made={error !== null ? null : records ? made : madeHere} link={props.link} />
    </>
  );
}

/** How many flows the question selects; null where it is about two periods, or not known yet. */
function flowsOf(data: Answered<ChartSpec> | null): number | null {
  return data === null || data.query.compare !== null ? null : data.answer.stats.rows_scanned;
}

function Records(props: {
  /** How many rows there are in all; null: not known. */
  readonly flows: number | null;
  readonly onMade: (made: Made | null) => void;
}): ReactNode {
  const { view, schema } = useExplorer();
  // Rows under the eye stay where they are; newer ones come when they are wanted.
  const [revision, setRevision] = useState(schema.revision);
  const records = useRecords(view, revision);
  const { stats, more } = records;
  const count = records.rows.length;
  const { onMade, flows } = props;
  useEffect(() => {
    onMade(
      stats === null
        ? null
        : {
            rows: more
              ? `first ${formatCount(count)}${flows === null ? '' : ` of ${formatCount(flows)}`} rows: scroll for more`
              : `${counted(count, 'row')}, complete`,
            cut: false,
            ms: stats.ms,
            source: stats.source,
          },
    );
  }, [stats, more, count, flows, onMade]);
  return (
    <>
      {revision !== schema.revision && (
        <button type="button" className="newer" onClick={() => setRevision(schema.revision)}>
          Show newer flows
        </button>
      )}
      <RecordsView records={records} />
    </>
  );
}

/** Another selection is another list, scrolled to its top. */
function recordsKey(view: View): string {
  const { time, filter, timezone } = formatQuery(queryOf({ ...view, splits: [] }, { from: 0, to: 1 }));
  return JSON.stringify([time, filter, timezone]);
}

/** What the footer says of an answer. */
function madeOf({ spec, answer, query }: Answered<ChartSpec>): Made {
  const { ms, source } = answer.stats;
  return {
    rows: rowsText(spec, answer, query.having),
    cut: spec.visualization !== 'sankey' && (answer.truncated || answer.hidden !== null),
    ms,
    source,
  };
}
