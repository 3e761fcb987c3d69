import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { textWidth, widestOf } from '../charts/text-width.ts';
import { useExplorer, useSelection } from '../data/explorer-context.ts';
import { NamesContext } from '../data/use-names.ts';
import type { RecordsState } from '../data/use-records.ts';
import { newestFirst, withRecordsOrder } from '../../src/view/view.ts';
import { QuestionProblem } from './question-problem.tsx';
import { type Column, RecordCell, cellClass, cellRuns, selectionOf } from './record-cell.tsx';
import './records-view.css';
import './table/table.css';

const ROW = 27;
/** How many rows say how wide the columns are, so that they stay so while more come. */
const MEASURED = 200;
const CELL_PADDING = 18;
const WIDTHS = { least: 56, most: 340 };

/** The raw flows behind the view, as they were logged; more come as one scrolls. A click copies a cell. */
export function RecordsView({ records }: { readonly records: RecordsState }): ReactNode {
  const { select } = useSelection();
  const { view, go } = useExplorer();
  const { timezone } = view;
  const order = view.recordsOrder ?? newestFirst;
  const id = useId();
  const [moved, setAt] = useState<CellAt | null>(null);
  // A filter may leave fewer rows.
  const at =
    moved === null || records.rows.length === 0
      ? null
      : { ...moved, row: Math.min(moved.row, records.rows.length - 1) };
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component
  const virtual = useVirtualizer({
    count: records.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const places = useMemo(() => readingOrder(records.columns), [records.columns]);
  const columns = useWidths(records.columns, places, records.rows, timezone);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const { next } = records;
  const wantsMore = records.more && last >= records.rows.length - 40;
  useEffect(() => {
    if (wantsMore) next();
  }, [wantsMore, next]);

  if (records.error !== null) return <QuestionProblem error={records.error} onRetry={records.retry} />;
  if (records.rows.length === 0) {
    if (records.loading) return <p className="table-empty hint-late">Reading the flows …</p>;
    return <p className="table-empty">No flows match.</p>;
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (move !== undefined) {
      const next = {
        row: Math.max(0, Math.min(records.rows.length - 1, (at?.row ?? 0) + (at === null ? 0 : move[0]))),
        column: Math.max(0, Math.min(places.length - 1, (at?.column ?? 0) + (at === null ? 0 : move[1]))),
      };
      setAt(next);
      virtual.scrollToIndex(next.row);
      cellIn(scroller.current, next)?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    } else if ((event.key === 'Enter' || event.key === 'ContextMenu') && at !== null) {
      const column = records.columns[places[at.column] ?? -1];
      const value = records.rows[at.row]?.[places[at.column] ?? -1] ?? null;
      const cell = cellIn(scroller.current, at);
      if (column !== undefined && cell !== null) select(selectionOf(column, value, cell, null));
    } else return;
    event.preventDefault();
  };
  const shown = places.flatMap((at) => records.columns[at] ?? []);
  return (
    <div
      ref={scroller}
      className={`records${records.stale ? ' stale' : ''}`}
      role="grid"
      aria-label="Records"
      aria-activedescendant={at === null ? undefined : `${id}-${at.row}-${at.column}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setAt(null)}
    >
      <div className="records-inner">
        <div className="table-head" role="row" style={{ gridTemplateColumns: columns }}>
          {shown.map((column) => {
            const sorted = order.field === column.name;
            return (
              <div
                key={column.name}
                role="columnheader"
                className={cellClass(column)}
                aria-sort={sorted ? (order.order === 'desc' ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  className="table-sort ellipsis"
                  aria-pressed={sorted}
                  title={`${column.name}. Click to sort.`}
                  onClick={() =>
                    go(
                      withRecordsOrder(view, {
                        field: column.name,
                        order: sorted && order.order === 'desc' ? 'asc' : 'desc',
                      }),
                    )
                  }
                >
                  {column.label}
                  {sorted && (order.order === 'desc' ? ' ↓' : ' ↑')}
                </button>
              </div>
            );
          })}
        </div>
        <div className="table-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <div
              key={item.index}
              className="row"
              role="row"
              aria-rowindex={item.index + 1}
              style={{ top: item.start, gridTemplateColumns: columns }}
            >
              {shown.map((column, index) => (
                <RecordCell
                  key={column.name}
                  id={`${id}-${item.index}-${index}`}
                  place={`${item.index} ${index}`}
                  current={at?.row === item.index && at.column === index}
                  column={column}
                  timezone={timezone}
                  value={records.rows[item.index]?.[places[index] ?? -1] ?? null}
                />
              ))}
            </div>
          ))}
        </div>
        {records.more && (
          <p className="records-more">{records.loading ? 'Loading more…' : 'Scroll for more.'}</p>
        )}
      </div>
    </div>
  );
}

/** What one reads first stands first; the rest follows in the catalog's order. */
const first = ['start', 'action', 'srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'packets', 'bytes'];

/** The columns' places, in the order in which they are shown. */
function readingOrder(columns: readonly Column[]): readonly number[] {
  const rank = (at: number): number => {
    const place = first.indexOf(columns[at]?.name ?? '');
    return place < 0 ? first.length : place;
  };
  return columns.map((_, at) => at).sort((a, b) => rank(a) - rank(b));
}

interface CellAt {
  readonly row: number;
  readonly column: number;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-20, 0],
  PageDown: [20, 0],
};

function cellIn(scroller: Element | null, { row, column }: CellAt): Element | null {
  return scroller?.querySelector(`[data-cell="${row} ${column}"]`) ?? null;
}

/** Each column is as wide as what the first rows hold needs, within bounds. Pixels. */
function useWidths(
  columns: readonly Column[],
  places: readonly number[],
  rows: RecordsState['rows'],
  timezone: string,
): string {
  const names = useContext(NamesContext);
  return useMemo(
    () =>
      places
        .map((place) => {
          const column = columns[place];
          if (column === undefined) return '';
          const texts = rows
            .slice(0, MEASURED)
            .map((row) => cellRuns(column, row[place] ?? null, timezone, names));
          const head = textWidth([{ text: `${column.label} ↓`, mono: false }], 11);
          const wanted = Math.ceil(Math.max(head, widestOf(texts))) + CELL_PADDING;
          return `${Math.max(WIDTHS.least, Math.min(WIDTHS.most, wanted))}px`;
        })
        .join(' '),
    [columns, places, rows, timezone, names],
  );
}
