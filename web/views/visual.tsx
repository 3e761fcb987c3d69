import { type ReactNode, memo, useMemo } from 'react';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import { useStoreSchema } from '../data/explorer-context.ts';
import type { Answered } from '../data/use-answer.ts';
import { TIME } from '../../src/view/view.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { BarsView } from './bars-view.tsx';
import { HeatView } from './heat-view.tsx';
import { LinesView } from './lines-view.tsx';
import { SankeyView } from './sankey-view.tsx';
import { tableOf } from './table/model.ts';
import { Table } from './table/table.tsx';
import { TotalsView } from './totals-view.tsx';

/** The chart of an answer. It is drawn again with a new answer, not with every change of the view. */
export const Visual = memo(function Visual(props: { readonly answered: Answered<ChartSpec> }): ReactNode {
  const schema = useStoreSchema();
  const { answered } = props;
  const range = useMemo(() => rangeOfAnswer(answered, schema.span), [answered, schema.span]);
  switch (answered.spec.visualization) {
    case 'totals':
      return <TotalsView />;
    case 'table':
      return <TableOf answered={answered} range={range} />;
    case 'lines':
    case 'area':
      return <LinesView answered={answered} range={range} kind={answered.spec.visualization} />;
    case 'bars':
      return answered.spec.splits.at(-1)?.field === TIME ? (
        <LinesView answered={answered} range={range} kind="bars" />
      ) : (
        <BarsView answered={answered} range={range} />
      );
    case 'heat':
      return <HeatView answered={answered} range={range} />;
    case 'sankey':
      return <SankeyView answered={answered} />;
    case 'records':
      // The rows come by themselves; the answer holds only the totals.
      return null;
  }
});

function TableOf(props: { readonly answered: Answered<ChartSpec>; readonly range: Span }): ReactNode {
  const schema = useStoreSchema();
  const { answered, range } = props;
  const model = useMemo(() => tableOf(answered, range, schema.coverage), [answered, range, schema.coverage]);
  const question = JSON.stringify(answered.spec.splits) + JSON.stringify(answered.answer.range);
  return <Table model={model} question={question} />;
}

/** What the time of an answer was resolved to. */
export function rangeOfAnswer(answered: Answered<ChartSpec>, store: Span | null): Span {
  const { range } = answered.answer;
  return range === null
    ? rangeOf(answered.spec.view.time, store)
    : { from: Date.parse(range.from), to: Date.parse(range.to) };
}
