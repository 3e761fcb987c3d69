import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { textWidth, widestOf } from '../charts/text-width.ts';
import { CHART_ROOM, useSize } from '../charts/use-size.ts';
import { useExplorerNow, useSelection, useStoreSchema } from '../data/explorer-context.ts';
import type { Answered } from '../data/use-answer.ts';
import type { Run } from '../../src/view/format/names.ts';
import { counted, formatAmount, formatChange } from '../../src/view/format/numbers.ts';
import { type ChartSpec, stepsOf } from '../../src/view/chart-layout/chart-query.ts';
import { type Bar, type BarPart, barsOf } from '../../src/view/chart-layout/bars.ts';
import { NOT_COMPARABLE, comparableRows, isComparable } from '../../src/view/chart-layout/comparable.ts';
import { colourOf } from '../../src/view/chart-layout/colours.ts';
import { isAdditive } from '../../src/view/chart-layout/lines.ts';
import { toneOf, toneOfPath } from '../../src/view/chart-layout/tone.ts';
import { chartMeasureOf } from '../../src/view/visualization.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { HiddenName, hiddenText } from './hidden-name.tsx';
import { Legend } from './legend.tsx';
import { PathName, SplitValue, usePathRuns } from './path-name.tsx';
import './bars-view.css';

const ROW = 26;
/** Pixels that an address with its name needs, which a narrow chart leaves to it. */
const NAME = 240;

/** A bar for each value; with a second split, made of coloured parts. */
export function BarsView(props: { readonly answered: Answered<ChartSpec>; readonly range: Span }): ReactNode {
  const schema = useStoreSchema();
  const explorer = useExplorerNow();
  const { select } = useSelection();
  const id = useId();
  const { spec, answer, before } = props.answered;
  const { measure, index } = useMemo(() => chartMeasureOf(spec.view), [spec.view]);
  const { unit, label } = schema.measure(measure);
  const { bars, legend, most } = useMemo(
    () => barsOf(answer, index, isAdditive(measure)),
    [answer, measure, index],
  );
  const earlier = useMemo(
    () =>
      new Map(
        before === null
          ? []
          : barsOf(before, index, isAdditive(measure)).bars.map((bar) => [bar.key, bar.value]),
      ),
    [before, index, measure],
  );
  const fields = spec.splits.map((split) => split.field);
  const top = Math.max(most, ...[...earlier.values()].map((value) => value ?? 0));
  const colour = (at: number | null, name: Cell): string =>
    at === null ? 'var(--plain)' : colourOf(spec, [null, name], at, measure);
  const [scroller, full] = useSize<HTMLDivElement>('bars', CHART_ROOM);
  const comparable = useMemo(
    () => comparableRows(spec, props.range, schema.coverage),
    [spec, props.range, schema],
  );
  const isBarComparable = (bar: Bar): boolean => isComparable(comparable(bar.path ?? []), unit);
  const changeOf = (bar: Bar): string =>
    isBarComparable(bar) ? ` ${formatChange(bar.value, earlier.get(bar.key))}` : '';
  const columns = useColumns(spec, bars, full, (bar) =>
    earlier.has(bar.key) ? `${formatAmount(bar.value, unit)}${changeOf(bar)}` : formatAmount(bar.value, unit),
  );
  const [moved, setCurrent] = useState<number | null>(null);
  // A filter may leave fewer bars.
  const current = moved === null || bars.length === 0 ? null : Math.min(moved, bars.length - 1);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component
  const virtual = useVirtualizer({
    count: bars.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const choose = (path: readonly Cell[], element: Element, byKey: boolean, x?: number): void => {
    const box = element.getBoundingClientRect();
    const anchor = { x: x ?? box.left + 200, top: box.top, bottom: box.bottom };
    select({ key: `bar ${JSON.stringify(path)}`, steps: stepsOf(spec, path), anchor, byKey });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const path = current === null ? undefined : bars[current]?.path;
    const row = scroller.current?.querySelector(`[data-bar="${current}"]`);
    if (step !== 0) {
      const next = Math.max(0, Math.min(bars.length - 1, (current ?? -1) + step));
      setCurrent(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && current !== null && bars[current]?.rest?.kind === 'hidden') {
      explorer().go({ ...explorer().view, having: [] });
    } else if (event.key === 'Enter' && path && row) choose(path, row, true);
    else return;
    event.preventDefault();
  };
  if (bars.length === 0) return <p className="table-empty">No flows in this time.</p>;
  return (
    <div className="bars-view">
      <h3 className="lines-title">
        {label}{' '}
        {before !== null && !bars.some(isBarComparable) && <span title={NOT_COMPARABLE}>change unknown</span>}
      </h3>
      {legend.length > 0 && (
        <Legend
          spec={{ ...spec, splits: spec.splits.slice(1) }}
          lines={legend.map((name, at) => ({
            key: JSON.stringify(name),
            path: [name],
            name: <SplitValue spec={spec} depth={1} value={name} />,
            colour: colour(at, name),
          }))}
        />
      )}
      <div
        ref={scroller}
        className="bars"
        data-rows={bars.length}
        data-row-height={ROW}
        role="listbox"
        aria-label={`${label} by ${fields.map((field) => schema.dimension(field).label).join(' and ')}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setCurrent(null)}
        aria-activedescendant={current === null ? undefined : `${id}-${current}`}
      >
        <div className="bars-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const bar = bars[item.index];
            if (bar === undefined) return null;
            const { path } = bar;
            const was = earlier.get(bar.key);
            return (
              <div
                key={bar.key}
                id={`${id}-${item.index}`}
                data-bar={item.index}
                data-selectable={path === null ? undefined : ''}
                role="option"
                aria-selected={false}
                className={`bar-line${current === item.index ? ' row-current' : ''}`}
                style={{ top: item.start, gridTemplateColumns: columns }}
                onClick={(event) => path !== null && choose(path, event.currentTarget, false, event.clientX)}
                onContextMenu={(event) => {
                  event.preventDefault();
                  if (path !== null) choose(path, event.currentTarget, false, event.clientX);
                }}
              >
                <span className="bar-name ellipsis">
                  <BarName spec={spec} bar={bar} />
                </span>
                <span
                  className={`bar-track tone-${toneOfPath(fields, path ?? [], toneOf(spec.view, measure))}`}
                >
                  <Parts
                    bar={bar}
                    top={top}
                    colour={(part) =>
                      bar.parts.length === 0 ? null : colour(part.colour, part.path?.at(-1) ?? null)
                    }
                    onPart={(part, element) => part.path !== null && choose(part.path, element, false)}
                    title={(part) => formatAmount(part.value, unit)}
                  />
                  {was != null && top > 0 && isBarComparable(bar) && (
                    <span
                      className="bar-before"
                      style={{ left: `${(100 * was) / top}%` }}
                      title={`${formatAmount(was, unit)} before`}
                    />
                  )}
                </span>
                <span className="bar-amount">
                  {formatAmount(bar.value, unit)}
                  {was !== undefined && <span className="soft">{changeOf(bar)}</span>}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function BarName(props: { readonly spec: ChartSpec; readonly bar: Bar }): ReactNode {
  const { path, rest } = props.bar;
  if (rest?.kind === 'hidden') return <HiddenName hidden={rest.hidden} />;
  if (rest?.kind === 'other') return counted(rest.groups, 'other');
  return <PathName spec={props.spec} path={path} />;
}

/** Names and amounts get what they need; the bars get the rest, about half of it at least. */
function useColumns(
  spec: ChartSpec,
  bars: readonly Bar[],
  width: number,
  amountOf: (bar: Bar) => string,
): string {
  const runsOf = usePathRuns(spec);
  const names = useMemo(
    () => Math.ceil(widestOf(bars.map(({ path, rest }) => restRuns(rest) ?? runsOf(path ?? [])))) + 16,
    [bars, runsOf],
  );
  const amounts = bars.reduce(
    (most, bar) => Math.max(most, textWidth([{ text: amountOf(bar), mono: false }])),
    0,
  );
  const name = Math.max(80, Math.min(names, Math.max(0.4 * width, Math.min(0.5 * width, NAME))));
  return `${name}px minmax(0, 1fr) ${Math.ceil(amounts) + 24}px`;
}

/** What stands in the place of a name; null: the bar has a name. */
function restRuns(rest: Bar['rest']): readonly Run[] | null {
  if (rest === null) return null;
  const text = rest.kind === 'other' ? counted(rest.groups, 'other') : `${hiddenText(rest.hidden)} Show`;
  return [{ text, mono: false, soft: true }];
}

function Parts(props: {
  readonly bar: Bar;
  readonly top: number;
  readonly colour: (part: BarPart) => string | null;
  readonly title: (part: BarPart) => string;
  readonly onPart: (part: BarPart, element: Element) => void;
}): ReactNode {
  const { bar, top } = props;
  if (top <= 0 || bar.value === null) return null;
  const parts = bar.parts.length > 0 ? bar.parts : [{ path: bar.path, colour: null, value: bar.value }];
  return parts.map((part) => {
    const tone = props.colour(part);
    return (
      <span
        key={JSON.stringify(part.path)}
        className={bar.path === null ? 'bar-part bar-part-rest' : 'bar-part'}
        title={props.title(part)}
        style={{
          width: `${(100 * Math.max(0, part.value)) / top}%`,
          ...(tone === null ? {} : { '--tone': tone }),
        }}
        onClick={(event) => {
          if (bar.parts.length === 0 || part.path === null) return;
          event.stopPropagation();
          props.onPart(part, event.currentTarget);
        }}
      />
    );
  });
}
