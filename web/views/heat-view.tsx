import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Answer } from '../../src/model/query/answer.ts';
import { type HeatPlace, columnAt } from '../charts/heat-canvas.ts';
import { HeatRows } from '../charts/heat-rows.tsx';
import { widestOf } from '../charts/text-width.ts';
import { useColour } from '../charts/use-colour.ts';
import { useRowsDrawn } from '../charts/use-rows-drawn.ts';
import { CHART_ROOM, useSize } from '../charts/use-size.ts';
import { useSelection, useStoreSchema } from '../data/explorer-context.ts';
import type { Answered } from '../data/use-answer.ts';
import { counted, formatAmount, formatShort } from '../../src/view/format/numbers.ts';
import { type ChartSpec, stepsOf } from '../../src/view/chart-layout/chart-query.ts';
import { type Heat, heatOf } from '../../src/view/chart-layout/heat.ts';
import { bucketStartsOf, isZeroWithoutFlows } from '../../src/view/chart-layout/lines.ts';
import { type Bucket, isLogged, knownBuckets, noteOf } from '../../src/view/chart-layout/bucket-series.ts';
import { toneOf } from '../../src/view/chart-layout/tone.ts';
import { TIME } from '../../src/view/view.ts';
import { chartMeasureOf } from '../../src/view/visualization.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { HeatGaps, HeatHeads, HeatName } from './heat-names.tsx';
import { PathName, usePathRuns } from './path-name.tsx';
import './heat-view.css';

const ROW = 22;
/** So many rows are a whole number of pixels also on screens that enlarge by a quarter or a half. */
const EVEN = 4;
const NAME = { least: 60, share: 0.36, padding: 14 };
const TIMES = 20;
const HEAD = { least: 40, most: 168, padding: 10 };
const RIGHT = 8;
const PADDING = 32;
const LEAST_COLUMN = 22;

interface CellAt {
  readonly row: number;
  readonly column: number;
}

/** A map of two splits: the darker a cell, the more there is of the first measure. */
export function HeatView(props: { readonly answered: Answered<ChartSpec>; readonly range: Span }): ReactNode {
  const schema = useStoreSchema();
  const { select } = useSelection();
  const { answered, range } = props;
  const { spec, answer } = answered;
  const { measure, index } = useMemo(() => chartMeasureOf(spec.view), [spec.view]);
  const { unit, label } = schema.measure(measure);
  const [element, full, tall] = useSize<HTMLDivElement>('heat', CHART_ROOM);
  const runsOf = usePathRuns(spec);
  const names = useMemo(() => namesWidth(answer, runsOf, full), [answer, runsOf, full]);
  const width = Math.max(0, full - names - RIGHT - PADDING);
  const [scrolled, setScrolled] = useState(false);
  const [moved, setMoved] = useState<{ readonly to: CellAt; readonly byKey: boolean } | null>(null);
  const marked = useRef<HTMLSpanElement>(null);
  const last = spec.splits.at(-1);
  const duration = last?.field === TIME && last.bucket?.kind === 'time' ? last.bucket.duration : null;
  const { timezone } = spec.view;
  const buckets = useMemo(
    () =>
      duration === null
        ? null
        : knownBuckets(range, duration, timezone, schema.coverage, bucketStartsOf(answer)),
    [duration, range, timezone, schema.coverage, answer],
  );
  const heat = useMemo(
    () =>
      heatOf(
        answer,
        index,
        buckets?.map((bucket) => bucket.from) ?? null,
        Math.floor(width / LEAST_COLUMN),
        (column) => isZeroWithoutFlows(measure) && (buckets === null || isLoggedAt(buckets, column)),
      ),
    [answer, buckets, width, measure, index],
  );
  const heads = useMemo(
    () => (duration === null ? headsHeight(heat, runsOf) : TIMES),
    [duration, heat, runsOf],
  );
  const place = useMemo(() => placeOf(heat, buckets, range, width), [heat, buckets, range, width]);
  const tone = toneOf(spec.view, measure);
  const colour = useColour(tone === 'ink' ? '--accent' : `--${tone}`);
  const count = heat.rows.length;
  const room = Math.ceil((tall - heads) / ROW / EVEN) * EVEN;
  const inSight = tall === 0 ? count : Math.min(count, Math.max(EVEN, room));
  const drawn = useRowsDrawn(heat, count, inSight, scrolled);

  // A filter may leave fewer cells.
  const at = useMemo(() => {
    if (moved === null) return null;
    const nearest = nearestCell(moved.to, heat);
    const same = nearest?.row === moved.to.row && nearest.column === moved.to.column;
    return same || moved.byKey ? nearest : null;
  }, [moved, heat]);
  useLayoutEffect(() => {
    if (moved?.byKey === true) marked.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [moved]);

  const cellAt = (
    event: PointerEvent | { clientX: number; clientY: number; currentTarget: Element },
  ): CellAt | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / ROW);
    const x = event.clientX - box.left;
    const column = columnAt(place.edges, x);
    const inside = heat.rows[row] !== undefined && column >= 0 && column < heat.columns.length;
    return inside ? { row, column } : null;
  };
  const choose = (cell: CellAt, target: Element, byKey: boolean): void => {
    const box = target.getBoundingClientRect();
    const branch = heat.rows[cell.row];
    const value = heat.columns[cell.column] ?? null;
    if (branch === undefined) return;
    const inner =
      duration === null
        ? stepsOf(spec, [...branch.path, value])
        : [
            { field: TIME, bucket: { kind: 'time' as const, duration }, value },
            ...stepsOf(spec, branch.path),
          ];
    const top = box.top + cell.row * ROW;
    const anchor = { x: box.left + (place.edges[cell.column] ?? 0), top, bottom: top + ROW };
    select({ key: `cell ${cell.row} ${cell.column}`, steps: inner, anchor, byKey });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const move = moves[event.key];
    if (move !== undefined) {
      const from = at ?? { row: -move[0], column: -move[1] };
      const to = nearestCell({ row: from.row + move[0], column: from.column + move[1] }, heat);
      setMoved(to === null ? null : { to, byKey: true });
    } else if (event.key === 'Enter' && at !== null) choose(at, event.currentTarget, true);
    else return;
    event.preventDefault();
  };
  const amount =
    at === null ? Number.NaN : (heat.amounts[at.row * heat.columns.length + at.column] ?? Number.NaN);
  const height = count * ROW;
  return (
    <div className="heat" ref={element} onScroll={() => setScrolled(true)}>
      <div className="heat-title">
        <h3 className="lines-title">
          {label}{' '}
          <span>
            {heat.left > 0 ? `the ${heat.columns.length} largest columns; ${heat.left} more not shown` : ''}
          </span>
        </h3>
        <Scale colour={colour} heat={heat} unit={unit} />
      </div>
      <HeatHeads
        spec={spec}
        heat={heat}
        edges={place.edges}
        range={duration === null ? null : range}
        left={names}
        width={width}
        height={heads}
        on={duration === null ? (at?.column ?? null) : null}
      />
      <div className="heat-body">
        <div className="heat-names" style={{ width: names }}>
          {heat.rows.slice(0, drawn).map((branch, row) => (
            <HeatName key={branch.key} spec={spec} branch={branch} on={at?.row === row} />
          ))}
        </div>
        <div className="heat-map" style={{ width, height }}>
          {duration !== null && (
            <HeatGaps coverage={schema.coverage} range={range} width={width} height={height} />
          )}
          <HeatRows heat={heat} place={place} colour={colour} from={0} to={inSight} />
          {drawn > inSight && (
            <HeatRows heat={heat} place={place} colour={colour} from={inSight} to={drawn} />
          )}
          <div
            className="heat-over"
            role="application"
            aria-roledescription="map"
            aria-label={`${label}: a map of ${heat.rows.length} by ${heat.columns.length}. Arrow keys move, Enter selects.`}
            tabIndex={0}
            data-selectable=""
            onPointerMove={(event) => {
              const next = cellAt(event);
              if (next?.row !== at?.row || next?.column !== at?.column)
                setMoved(next === null ? null : { to: next, byKey: false });
            }}
            onPointerLeave={() => setMoved(null)}
            onBlur={() => setMoved(null)}
            onKeyDown={onKeyDown}
            onClick={(event) => {
              const place = cellAt(event);
              if (place !== null) choose(place, event.currentTarget, false);
            }}
            onContextMenu={(event) => {
              event.preventDefault();
              const place = cellAt(event);
              if (place !== null) choose(place, event.currentTarget, false);
            }}
          >
            {at !== null && (
              <span
                ref={marked}
                className="heat-cell"
                style={{
                  scrollMarginTop: heads,
                  left: place.edges[at.column],
                  top: at.row * ROW,
                  width: Math.max(3, (place.edges[at.column + 1] ?? 0) - (place.edges[at.column] ?? 0)),
                  height: ROW - 1,
                }}
              />
            )}
          </div>
          {at !== null && (
            <div
              className="tip"
              role="status"
              style={{
                top: Math.min(height - 20, (at.row + 1) * ROW + 6),
                ...((place.edges[at.column] ?? 0) > width / 2
                  ? { right: width - (place.edges[at.column] ?? 0) }
                  : { left: place.edges[at.column + 1] }),
              }}
            >
              <div className="tip-head">
                <PathName
                  spec={spec}
                  path={[...(heat.rows[at.row]?.path ?? []), heat.columns[at.column] ?? null]}
                />
              </div>
              <b>{amountText(amount, unit, buckets?.[at.column])}</b>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** A place in the map that is nearest to another; null: there is none. */
function nearestCell(at: CellAt, { rows, columns }: Heat): CellAt | null {
  if (rows.length === 0 || columns.length === 0) return null;
  const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  return { row: clamp(at.row, rows.length), column: clamp(at.column, columns.length) };
}

/** How wide the rows' names are, as long as the map keeps most of the room. */
function namesWidth(answer: Answer, runsOf: ReturnType<typeof usePathRuns>, full: number): number {
  const rows = [...new Set(answer.rows.map(([value = null]) => value))].map((value) => runsOf([value]));
  return Math.max(NAME.least, Math.min(Math.ceil(widestOf(rows)) + NAME.padding, full * NAME.share));
}

/** How tall the columns' names are, which are upright and of the fixed-width face. */
function headsHeight(heat: Heat, runsOf: ReturnType<typeof usePathRuns>): number {
  const texts = heat.columns.map((value) =>
    runsOf([null, value], 1).flatMap((run) => ('room' in run ? [] : { text: run.text, mono: true })),
  );
  return Math.max(HEAD.least, Math.min(HEAD.most, Math.ceil(widestOf(texts)) + HEAD.padding));
}

function isLoggedAt(buckets: readonly Bucket[], column: number): boolean {
  const bucket = buckets[column];
  return bucket !== undefined && isLogged(bucket);
}

/** A cell's amount; NaN: nothing is known of it. `bucket`: the column's time, if it is one. */
function amountText(amount: number, unit: string, bucket: Bucket | undefined): string {
  if (!Number.isNaN(amount))
    return `${formatAmount(amount, unit)}${bucket === undefined ? '' : noteOf(bucket.known)}`;
  if (bucket === undefined) return 'not among the largest of its row';
  return bucket.known === 'gap' ? 'no logs' : bucket.known === 'part' ? 'none; logged in part' : 'none';
}

function placeOf(heat: Heat, buckets: readonly Bucket[] | null, range: Span, width: number): HeatPlace {
  const count = heat.columns.length;
  if (buckets === null) {
    const each = Math.min(64, width / Math.max(1, count));
    const edges = Array.from({ length: count + 1 }, (_, at) => at * each);
    return { width, rowHeight: ROW, edges, partial: [] };
  }
  const scale = width / (range.to - range.from);
  const edges = buckets.map((bucket) => (Math.max(bucket.from, range.from) - range.from) * scale);
  const partial = buckets.map(({ known }) => known === 'part');
  return { width, rowHeight: ROW, edges: [...edges, width], partial };
}

function Scale(props: { readonly colour: string; readonly heat: Heat; readonly unit: string }): ReactNode {
  const { heat, unit } = props;
  return (
    <span className="heat-scale" title="Color uses a square-root scale">
      0 <span style={{ '--tone': props.colour }} /> {formatShort(heat.full, unit)}
      {heat.above > 0 && (
        <em className="heat-above">
          {counted(heat.above, 'cell')} with more, notched: up to {formatShort(heat.most, unit)}
        </em>
      )}
    </span>
  );
}
