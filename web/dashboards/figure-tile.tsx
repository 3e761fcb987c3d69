import { type ReactNode, useMemo } from 'react';
import { knownBuckets } from '../../src/view/chart-layout/bucket-series.ts';
import { NOT_COMPARABLE, comparableOf, isComparable } from '../../src/view/chart-layout/comparable.ts';
import { bucketStartsOf, lineSeries } from '../../src/view/chart-layout/lines.ts';
import { askOverTime } from '../../src/view/chart-layout/over-time.ts';
import { totalOf } from '../../src/view/chart-layout/tree.ts';
import { Strip } from '../charts/strip.tsx';
import { useSize } from '../charts/use-size.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { useQuestion } from '../data/use-question.ts';
import { formatAmount, formatBig, formatChange } from '../../src/view/format/numbers.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { rangeOfAnswer } from '../views/visual.tsx';
import { SmallProblem } from '../parts/small-problem.tsx';

/** One total, its change from the comparison period, and its course over time, from one query. */
export function FigureTile(props: { readonly inSight: boolean }): ReactNode {
  const { view, schema, range } = useExplorer();
  const [element, width] = useSize<HTMLDivElement>('figure');
  const { spec, query } = useMemo(() => askOverTime(view, range), [view, range]);
  const { data, stale, error } = useQuestion(query, spec, schema.revision, !props.inSight);
  const measure = view.measures[0] ?? 'flows';
  const { unit, description } = schema.measure(measure);
  const shift = shiftOf(view);
  const asked = data === null ? range : rangeOfAnswer(data, schema.span);
  const values = useMemo(() => {
    if (data === null) return [];
    const bucket = data.spec.splits.at(-1)?.bucket;
    const duration = bucket?.kind === 'time' ? bucket.duration : 'PT1H';
    const within = rangeOfAnswer(data, schema.span);
    const { answer } = data;
    const buckets = knownBuckets(
      within,
      duration,
      data.spec.view.timezone,
      schema.coverage,
      bucketStartsOf(answer),
    );
    return lineSeries(answer, 0, measure, buckets, null)[0]?.values ?? [];
  }, [data, measure, schema]);
  if (error !== null) return <SmallProblem error={error} />;
  const value = data === null ? null : totalOf(data.answer)?.[0];
  const before = data?.before == null ? null : totalOf(data.before)?.[0];
  const comparable =
    shift === null || isComparable(comparableOf(asked, shift, view.timezone, schema.coverage), unit);
  return (
    <div ref={element} className={`figure${stale ? ' stale' : ''}`} aria-busy={stale} title={description}>
      <p>
        <b title={formatAmount(value, unit)}>{data === null ? '\u00a0' : formatBig(value, unit)}</b>
        {data?.before != null && (
          <span
            className="figure-change"
            title={comparable ? `${formatAmount(before, unit)} before` : NOT_COMPARABLE}
          >
            {comparable ? formatChange(value, before) : 'change unknown'}
          </span>
        )}
      </p>
      {data === null ? (
        <p className="hint hint-late">Counting …</p>
      ) : (
        <Strip
          values={values}
          coverage={schema.coverage}
          range={asked}
          width={width}
          height={28}
          label={`${schema.measure(measure).label} over time`}
        />
      )}
    </div>
  );
}
