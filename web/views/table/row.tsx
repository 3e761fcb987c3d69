import { Fragment, type MouseEvent, type ReactNode, memo } from 'react';
import type { MeasureName } from '../../../src/model/catalog/measure-expression.ts';
import type { Cell } from '../../../src/model/query/answer.ts';
import { useStoreSchema } from '../../data/explorer-context.ts';
import {
  counted,
  formatChange,
  formatDelta,
  formatAmount,
  formatCompact,
  formatInterval,
  formatShare,
  toNumber,
} from '../../../src/view/format/numbers.ts';
import { Strip } from '../../charts/strip.tsx';
import { chevronIcon } from '../../parts/icons.tsx';
import { type Comparable, NOT_COMPARABLE, isComparable } from '../../../src/view/chart-layout/comparable.ts';
import { type Bucket, isSteady, noteOf } from '../../../src/view/chart-layout/bucket-series.ts';
import { type Tone, toneOfPath } from '../../../src/view/chart-layout/tone.ts';
import { type Branch, type Line, lineKey, valuesOf } from '../../../src/view/chart-layout/tree.ts';
import { TIME } from '../../../src/view/view.ts';
import { roughLength } from '../../../src/view/time/iso-duration.ts';
import { SplitValue } from '../path-name.tsx';
import { HiddenName } from '../hidden-name.tsx';
import { type MeasureColumn, type TimeSeriesColumn, type TableModel } from './model.ts';

/** One line of the table. */
export const Row = memo(function Row(props: {
  readonly model: TableModel;
  readonly line: Exclude<Line, { kind: 'gap' }>;
  readonly top: number;
  readonly columns: string;
  readonly stripWidth: number;
  readonly compact: boolean;
  readonly state: 'selected' | 'parent' | 'none';
  readonly current: boolean;
  readonly id: string;
  readonly onSelect: (line: Line, row: Element, x: number | null, hit?: Element) => void;
  readonly onFold: (key: string) => void;
}): ReactNode {
  const { model, line } = props;
  const schema = useStoreSchema();
  const { view } = model.spec;
  const before = model.before?.get(lineKey(line));
  const path = line.kind === 'branch' ? line.branch.path : line.kind === 'other' ? line.other.path : [];
  const values = valuesOf(line);
  const fields = model.spec.splits.map((split) => split.field);
  const select = (event: MouseEvent<HTMLDivElement>): void => {
    if (line.kind !== 'branch') return;
    event.preventDefault();
    const hit = event.target instanceof Element ? event.target : undefined;
    props.onSelect(line, event.currentTarget, event.clientX, hit);
  };
  return (
    <div
      id={props.id}
      role="row"
      aria-level={line.depth + 1}
      aria-selected={props.state === 'selected'}
      aria-expanded={line.kind === 'branch' && line.branch.children.length > 0 ? line.open : undefined}
      data-selectable={line.kind === 'branch' ? '' : undefined}
      className={`row${props.state === 'none' ? '' : ` row-${props.state}`}${props.current ? ' row-current' : ''}${line.kind !== 'branch' ? ' row-other' : line.branch.children.length > 0 ? ' row-inner' : ''}`}
      style={{ top: props.top, gridTemplateColumns: props.columns }}
      onClick={select}
      onContextMenu={select}
    >
      <div className="row-name" role="rowheader" style={{ '--depth': line.depth }}>
        {line.kind === 'branch' ? (
          <BranchName model={model} line={line} onFold={props.onFold} />
        ) : line.kind === 'whole' ? (
          <span className="ellipsis">All flows</span>
        ) : line.kind === 'hidden' ? (
          <HiddenName hidden={line.hidden} />
        ) : (
          <>
            {nests(model) && <span className="row-leaf" />}
            <span className="ellipsis" title="Everything beyond the limit">
              {counted(line.other.groups, 'other')}
            </span>
          </>
        )}
      </div>
      {model.measures.map((column, index) => (
        <Fragment key={column.name}>
          <Amount
            column={column}
            value={values[index]}
            total={column.additive ? wholeOf(props.line, model, view.percent)?.[index] : undefined}
            full={line.kind === 'branch' ? (column.full[line.depth] ?? null) : null}
            ofParent={view.percent === 'parent'}
            tone={index === 0 ? toneOfPath(fields, path, column.tone) : column.tone}
            known={knownOf(model, line)}
          />
          {model.before !== null && (
            <Change
              now={values[index]}
              before={before?.[index]}
              unit={schema.measure(column.name).unit}
              comparable={model.comparable(path)}
            />
          )}
        </Fragment>
      ))}
      {model.timeSeries !== null &&
        (line.kind === 'branch' && line.branch.series !== null ? (
          <Rhythm
            timeSeries={model.timeSeries}
            measure={view.measures[0] ?? 'flows'}
            branch={line.branch}
            width={props.stripWidth}
            compact={props.compact}
            tone={toneOfPath(fields, path, model.measures[0]?.tone ?? 'ink')}
          />
        ) : null)}
    </div>
  );
});

/** What amounts are shares of. */
function wholeOf(
  line: Exclude<Line, { kind: 'gap' }>,
  model: TableModel,
  percent: 'total' | 'parent' | null,
): readonly Cell[] | null | undefined {
  if (percent === null) return undefined;
  return percent === 'total' ? model.tree.total : line.parent;
}

/** Whether rows have rows under them. */
function nests(model: TableModel): boolean {
  return model.spec.splits.length - (model.timeSeries === null ? 0 : 1) > 1;
}

function BranchName(props: {
  readonly model: TableModel;
  readonly line: Extract<Line, { kind: 'branch' }>;
  readonly onFold: (key: string) => void;
}): ReactNode {
  const { model, line } = props;
  const value = line.branch.path.at(-1) ?? null;
  const folds = line.branch.children.length > 0;
  return (
    <>
      {folds ? (
        <button
          type="button"
          tabIndex={-1}
          className={`row-fold${line.open ? ' row-fold-open' : ''}`}
          aria-label={line.open ? 'Collapse' : 'Expand'}
          onClick={(event) => {
            event.stopPropagation();
            props.onFold(line.branch.key);
          }}
        >
          {chevronIcon}
        </button>
      ) : (
        nests(model) && <span className="row-leaf" />
      )}
      <span className="ellipsis">
        <SplitValue spec={model.spec} depth={line.depth} value={value} />
        {model.spec.splits[line.depth]?.field === TIME && <KnownNote known={knownOf(model, line)} />}
      </span>
    </>
  );
}

function KnownNote({ known }: { readonly known: Bucket['known'] }): ReactNode {
  if (known === 'whole') return null;
  return (
    <span className={`soft row-known${known === 'lossy' ? ' row-lossy' : ''}`}>
      {noteOf(known).replace(', ', '')}
    </span>
  );
}

/** How much of a row that is a time the logs can tell; whole for any other. */
function knownOf({ spec, known }: TableModel, line: Line): Bucket['known'] {
  if (line.kind !== 'branch') return 'whole';
  const at = spec.splits.findIndex((split) => split.field === TIME);
  // Rows under a time are of that time.
  const value = at < 0 ? undefined : line.branch.path[at];
  return value === undefined ? 'whole' : (known.get(Date.parse(String(value))) ?? 'whole');
}

function Amount(props: {
  readonly column: MeasureColumn;
  readonly value: Cell | undefined;
  /** Given: the amount is shown as a share of it. */
  readonly total: Cell | undefined;
  /** What a full bar stands for; null: there is none. */
  readonly full: number | null;
  /** Whether the bar shows the share of `total` too. */
  readonly ofParent: boolean;
  readonly tone: Tone;
  readonly known: Bucket['known'];
}): ReactNode {
  const schema = useStoreSchema();
  const { unit } = schema.measure(props.column.name);
  const [amount, total] = [toNumber(props.value), toNumber(props.total)];
  const exact = formatAmount(props.value, unit);
  const text = amount !== null && total !== null && total > 0 ? formatShare(amount / total) : exact;
  const shown = props.ofParent && amount !== null && total !== null && total > 0 ? amount / total : amount;
  const bar = props.full !== null && props.full > 0 && shown !== null ? shown / props.full : null;
  return (
    <div
      role="gridcell"
      className={`cell${bar === null ? '' : ` cell-bar tone-${props.tone}${props.known === 'part' ? ' cell-part' : ''}`}`}
      style={bar === null ? undefined : { '--share': String(Math.max(0, Math.min(1, bar))) }}
      title={text === exact ? undefined : exact}
      data-copy={props.value ?? undefined}
    >
      <span>{text}</span>
    </div>
  );
}

/** What it was in the other period, and how much it has changed: the difference, and in per cent. */
function Change(props: {
  readonly now: Cell | undefined;
  readonly before: Cell | undefined;
  readonly unit: string;
  readonly comparable: Comparable;
}): ReactNode {
  const { now, before, unit } = props;
  if (!isComparable(props.comparable, unit))
    return (
      <div role="gridcell" className="cell cell-change" title={NOT_COMPARABLE}>
        <span className="soft">–</span>
      </div>
    );
  const was = before ?? (unit === 'share' ? null : 0);
  return (
    <div role="gridcell" className="cell cell-change" title={`${formatAmount(was, unit)} before`}>
      <span className="soft cell-was">{formatCompact(was, unit)}</span>
      <span>{formatDelta(now ?? (unit === 'share' ? null : 0), was, unit)}</span>
      <span className="soft">{formatChange(now, was)}</span>
    </div>
  );
}

function Rhythm(props: {
  readonly timeSeries: TimeSeriesColumn;
  readonly measure: MeasureName;
  readonly branch: Branch;
  readonly width: number;
  readonly compact: boolean;
  readonly tone: Tone;
}): ReactNode {
  const { timeSeries, branch } = props;
  const { unit } = useStoreSchema().measure(props.measure);
  const steadiness = timeSeries.steadinessOf(branch);
  const steady = steadiness !== null && timeSeries.attempts && isSteady(steadiness);
  const every = steady ? formatInterval(roughLength(timeSeries.duration) / 1000 / steadiness.median) : '';
  const low = formatCompact(steadiness?.min, unit);
  const high = formatCompact(steadiness?.max, unit);
  const span = steadiness === null ? '' : low === high ? low : `${low}–${high}`;
  return (
    <>
      {!props.compact && (
        <>
          <div
            role="gridcell"
            className="cell"
            title={
              steadiness === null
                ? 'Not enough data'
                : `Minimum and maximum of ${counted(steadiness.buckets, 'complete bucket')} between first and last`
            }
          >
            {span}
          </div>
          <div
            role="gridcell"
            className="cell cell-soft"
            title={steady ? 'Bucket length divided by the median' : undefined}
          >
            {every}
          </div>
        </>
      )}
      <div role="gridcell" className={`cell-strip tone-${props.tone}`} data-strip="">
        <Strip
          values={timeSeries.bucketValuesOf(branch)}
          coverage={timeSeries.coverage}
          range={timeSeries.range}
          width={props.width}
          height={15}
          label={span === '' ? 'Rhythm' : `Rhythm: ${span}`}
        />
      </div>
    </>
  );
}
