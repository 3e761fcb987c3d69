import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { nearest } from '../../charts/scale.ts';
import { useRowsDrawn } from '../../charts/use-rows-drawn.ts';
import { CHART_ROOM, useSize } from '../../charts/use-size.ts';
import { useExplorer, useExplorerNow, useSelection, useStoreSchema } from '../../data/explorer-context.ts';
import { formatAmount } from '../../../src/view/format/numbers.ts';
import { formatBucket } from '../../../src/view/format/times.ts';
import { stepsOf } from '../../../src/view/chart-layout/chart-query.ts';
import { type BucketValue, noteOf } from '../../../src/view/chart-layout/bucket-series.ts';
import { type Branch, type Line, linesOf } from '../../../src/view/chart-layout/tree.ts';
import type { Step } from '../../../src/view/filters.ts';
import { TIME } from '../../../src/view/view.ts';
import type { TableModel } from './model.ts';
import { usePathRuns } from '../path-name.tsx';
import { GapRow } from './gap-row.tsx';
import { STRIP_PADDING, layoutOf, namesWidth } from './table-layout.ts';
import { Row } from './row.tsx';
import { TableHead, headOf } from './table-head.tsx';
import './table.css';

const ROW = 27;
const PADDING = 32;

/** What the user did to a table. */
interface Handling {
  readonly collapsed: ReadonlySet<string>;
  /** The index of the row that keys moved to; null: none yet. */
  readonly moved: number | null;
  /** What is said at the pointer. */
  readonly tip: { readonly left: number; readonly top: number; readonly text: string } | null;
}

const untouched: Handling = { collapsed: new Set(), moved: null, tip: null };

/** How many rows beyond those in sight are drawn, once those in sight are painted. */
const BEYOND = 6;

/**
 * The nested table: the split tree with bars in its cells and, where time is innermost, time series in its rows.
 * `question`: another one is another table, scrolled to its top with nothing collapsed; only its elements are used again.
 */
export function Table(props: { readonly model: TableModel; readonly question: string }): ReactNode {
  const { model, question } = props;
  const explorer = useExplorerNow();
  const { selection, select: choose } = useSelection();
  const [handled, handle] = useState({ ...untouched, question });
  const { collapsed, moved, tip } = handled.question === question ? handled : untouched;
  const change = useCallback(
    (part: (now: Handling) => Partial<Handling>) =>
      handle((last) => {
        const now = last.question === question ? last : { ...untouched, question };
        return { ...now, ...part(now) };
      }),
    [question],
  );
  const [scroller, full, room] = useSize<HTMLDivElement>('table', CHART_ROOM);
  const inner = useRef<HTMLDivElement>(null);
  const id = useId();
  const lines = useMemo(() => linesOf(model.tree, collapsed, model.times), [model, collapsed]);
  // A filter may leave fewer rows.
  const current = moved === null || lines.length === 0 ? null : Math.min(moved, lines.length - 1);
  const beyond = useRowsDrawn(model, BEYOND, 0, false);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    initialRect: { width: full, height: room },
    overscan: beyond,
  });
  const scrolled = useRef(false);
  useLayoutEffect(() => {
    // Only then: it has the browser lay out everything at once.
    if (scrolled.current) scroller.current?.scrollTo(0, 0);
    scrolled.current = false;
  }, [question, scroller]);

  const runsOf = usePathRuns(model.spec);
  const title = headOf(model, useStoreSchema());
  const names = useMemo(() => namesWidth(model, title, runsOf), [model, title, runsOf]);
  const layout = layoutOf(model, names, full - PADDING);
  const chosen = useRef<string | null>(null);
  useEffect(() => {
    chosen.current = selection?.key ?? null;
  });
  const select = useCallback(
    (line: Line, row: Element, x: number | null, hit?: Element) => {
      if (line.kind !== 'branch') return;
      const { path } = line.branch;
      const strip = hit?.closest('[data-strip]') ?? null;
      const bucket = strip === null || x === null ? undefined : bucketAt(model, line, strip, x);
      const copy = hit?.closest('[data-copy]')?.getAttribute('data-copy') ?? undefined;
      const key = bucket === undefined ? line.branch.key : `${line.branch.key} ${bucket.from}`;
      const { left, top, bottom } = row.getBoundingClientRect();
      const anchor = { x: x ?? left + 120, top, bottom };
      // A bucket of the strip is that time of that row.
      const moment = bucket === undefined ? [] : [momentOf(model, bucket)];
      const steps = [...moment, ...stepsOf(model.spec, path)];
      const made = { key, steps, anchor, byKey: x === null };
      choose(chosen.current === key ? null : copy === undefined ? made : { ...made, copy });
    },
    [model, choose],
  );
  const fold = useCallback(
    (key: string) =>
      change(({ collapsed }) => {
        const next = new Set(collapsed);
        if (!next.delete(key)) next.add(key);
        return { collapsed: next };
      }),
    [change],
  );

  const foldable = useMemo(() => foldableKeys(model.tree.roots), [model]);
  const foldAll = (all: boolean): void =>
    change(() => ({ collapsed: new Set(all ? foldable : []), moved: null }));
  const move = (to: number): void => {
    const at = Math.max(0, Math.min(lines.length - 1, to));
    change(() => ({ moved: at }));
    virtual.scrollToIndex(at, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const line = current === null ? undefined : lines[current];
    const parent = line?.kind === 'branch' && line.branch.children.length > 0 ? line : null;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight'))
      foldAll(event.key === 'ArrowLeft');
    else if (event.key === 'ArrowDown') move(current === null ? 0 : current + 1);
    else if (event.key === 'ArrowUp') move((current ?? 0) - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(lines.length - 1);
    else if (event.key === 'ArrowLeft' && parent?.open) fold(parent.branch.key);
    else if (event.key === 'ArrowRight' && parent !== null && !parent.open) fold(parent.branch.key);
    else if (event.key === 'Enter' && line?.kind === 'hidden')
      explorer().go({ ...explorer().view, having: [] });
    else if ((event.key === 'Enter' || event.key === 'ContextMenu') && line !== undefined) {
      const row = document.getElementById(`${id}-${current ?? 0}`);
      if (row !== null) select(line, row, null);
    } else return;
    event.preventDefault();
  };

  const onPointerMove = (event: PointerEvent): void => {
    const strip = event.target instanceof Element ? event.target.closest('[data-strip]') : null;
    const body = inner.current?.getBoundingClientRect();
    const at = body === undefined ? -1 : Math.floor((event.clientY - body.top - ROW) / ROW);
    const text =
      strip === null || body === undefined ? null : bucketValueText(model, lines[at], strip, event.clientX);
    const next =
      text === null || body === undefined
        ? null
        : { left: event.clientX - body.left, top: ROW + at * ROW - 2, text: text.join(' · ') };
    if (next !== null || tip !== null) change(() => ({ tip: next }));
  };

  if (lines.length === 0) return <NoRows />;
  return (
    <div
      ref={scroller}
      className="table"
      role="treegrid"
      aria-label="Table"
      aria-rowcount={lines.length}
      data-rows={lines.length}
      data-row-height={ROW}
      aria-activedescendant={current === null ? undefined : `${id}-${current}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={() => {
        scrolled.current = true;
      }}
      onPointerMove={model.timeSeries === null ? undefined : onPointerMove}
      onPointerLeave={() => tip !== null && change(() => ({ tip: null }))}
    >
      <div ref={inner} className="table-inner">
        <TableHead
          model={model}
          title={title}
          layout={layout}
          folded={foldable.length === 0 ? null : collapsed.size > 0}
          onFoldAll={foldAll}
        />
        <div className="table-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (line === undefined) return null;
            // By its place: another answer changes the texts of the rows that are there, which costs half of making others.
            if (line.kind === 'gap') {
              return (
                <GapRow
                  key={item.index}
                  id={`${id}-${item.index}`}
                  line={line}
                  top={item.start}
                  timezone={model.spec.view.timezone}
                />
              );
            }
            return (
              <Row
                key={item.index}
                id={`${id}-${item.index}`}
                model={model}
                line={line}
                top={item.start}
                columns={layout.columns}
                stripWidth={layout.strip}
                compact={layout.compact}
                state={selection === null ? 'none' : stateOf(line, selection.key)}
                current={current === item.index}
                onSelect={select}
                onFold={fold}
              />
            );
          })}
        </div>
        {tip !== null && selection === null && (
          <div className="tip strip-tip" style={{ left: tip.left, top: tip.top }}>
            {tip.text}
          </div>
        )}
      </div>
    </div>
  );
}

/** The keys of the rows that have rows under them. */
function foldableKeys(branches: readonly Branch[]): readonly string[] {
  return branches.flatMap(({ key, children }) =>
    children.length === 0 ? [] : [key, ...foldableKeys(children)],
  );
}

function NoRows(): ReactNode {
  const { view } = useExplorer();
  return (
    <p className="table-empty">
      No flows {view.filters.length > 0 ? 'pass these filters in this time' : 'in this time'}.
    </p>
  );
}

function stateOf(line: Line, key: string): 'selected' | 'parent' | 'none' {
  if (line.kind !== 'branch') return 'none';
  if (key === line.branch.key || key.startsWith(`${line.branch.key} `)) return 'selected';
  // Keys are paths as JSON lists, so a parent's key without its bracket begins its children's.
  return key.startsWith(`${line.branch.key.slice(0, -1)},`) ? 'parent' : 'none';
}

/** The bucket of a strip under the pointer. */
function bucketAt(
  { timeSeries }: TableModel,
  line: Line | undefined,
  strip: Element,
  clientX: number,
): BucketValue | undefined {
  if (timeSeries === null || line?.kind !== 'branch') return undefined;
  const box = strip.getBoundingClientRect();
  const share = (clientX - box.left - STRIP_PADDING) / (box.width - STRIP_PADDING);
  if (share < 0 || share > 1) return undefined;
  const instant = timeSeries.range.from + share * (timeSeries.range.to - timeSeries.range.from);
  const values = timeSeries.bucketValuesOf(line.branch);
  return values[nearest(values, instant)];
}

function momentOf({ timeSeries }: TableModel, bucket: BucketValue): Step {
  const duration = timeSeries?.duration ?? 'PT1H';
  return { field: TIME, bucket: { kind: 'time', duration }, value: bucket.from };
}

/** What a strip holds under the pointer: when, and how much. */
function bucketValueText(
  model: TableModel,
  line: Line | undefined,
  strip: Element,
  clientX: number,
): readonly string[] | null {
  const bucket = bucketAt(model, line, strip, clientX);
  if (bucket === undefined || model.timeSeries === null) return null;
  const amount =
    bucket.known === 'gap' ? 'no logs' : `${formatAmount(bucket.value, 'count')}${noteOf(bucket.known)}`;
  return [formatBucket(bucket.from, model.timeSeries.duration, model.spec.view.timezone), amount];
}
