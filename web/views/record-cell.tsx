import { type ReactNode, memo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { type Selection, useExplorerNow, useSelection } from '../data/explorer-context.ts';
import type { RecordsState } from '../data/use-records.ts';
import type { Names } from '../data/use-names.ts';
import { type Run, roomyRuns, valueText } from '../../src/view/format/names.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { copyText } from '../parts/clipboard.ts';
import { ValueText } from '../parts/value-text.tsx';
import type { Step } from '../../src/view/filters.ts';
import { TIME } from '../../src/view/view.ts';

export type Column = RecordsState['columns'][number];

/** A cell of a record, chosen; `x`: where the pointer is, null: chosen by keyboard. */
export function selectionOf(column: Column, value: Cell, cell: Element, x: number | null): Selection {
  const { left, top, bottom } = cell.getBoundingClientRect();
  const copy = value === null ? '' : String(value);
  return {
    key: `record ${copy}`,
    steps: [stepOf(column, value)],
    anchor: { x: x ?? left + 40, top, bottom },
    byKey: x === null,
    copy,
  };
}

/** One field of a record; a click copies it (on a dashboard it filters), a right click offers the rest. */
export const RecordCell = memo(function RecordCell(props: {
  readonly id: string;
  readonly place: string;
  readonly column: Column;
  readonly value: Cell;
  readonly current: boolean;
  readonly timezone: string;
}): ReactNode {
  const explorer = useExplorerNow();
  const { select, filters = false } = useSelection();
  const { column, value } = props;
  const text = stampOf(column, value, props.timezone);
  const copied = value === null ? '' : String(value);
  return (
    <button
      type="button"
      role="gridcell"
      tabIndex={-1}
      id={props.id}
      data-cell={props.place}
      className={`${cellClass(column)}${actionClass(column, value)}${props.current ? ' records-current' : ''}`}
      title={
        value === null
          ? undefined
          : `${text ?? valueText(column.name, value)}. Click to ${filters ? 'filter' : 'copy'}.`
      }
      onClick={(event) => {
        // There is no right click under a finger.
        const touched =
          event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType === 'touch';
        if (filters || touched) {
          select(selectionOf(column, value, event.currentTarget, event.clientX));
        } else if (value !== null)
          void copyText(copied).then((done) =>
            explorer().notify(done ? `Copied ${copied}` : 'The browser blocked copying'),
          );
      }}
      data-selectable=""
      onContextMenu={(event) => {
        event.preventDefault();
        select(selectionOf(column, value, event.currentTarget, event.clientX));
      }}
    >
      {value === null ? (
        <span className="soft">–</span>
      ) : text === null ? (
        <ValueText field={column.name} type={column.type} value={value} />
      ) : (
        text
      )}
    </button>
  );
});

/** What a cell shows, to find out how wide it is. */
export function cellRuns(column: Column, value: Cell, timezone: string, names: Names): readonly Run[] {
  const stamp = stampOf(column, value, timezone);
  if (stamp !== null) return [{ text: stamp, mono: false, soft: false }];
  return roomyRuns(column.name, column.type, value, names);
}

function stampOf(column: Column, value: Cell, timezone: string): string | null {
  return column.type === 'time' && typeof value === 'string'
    ? formatStamp(Date.parse(value), timezone)
    : null;
}

/** A record's cell as a step; a time means the minute that it lies in. */
function stepOf(column: Column, value: Cell): Step {
  if (column.type !== 'time' || typeof value !== 'string') return { field: column.name, bucket: null, value };
  const minute = Math.floor(Date.parse(value) / 60_000) * 60_000;
  return { field: TIME, bucket: { kind: 'time', duration: 'PT1M' }, value: minute };
}

function actionClass(column: Column, value: Cell): string {
  if (column.name !== 'action') return '';
  return value === 'REJECT' ? ' records-reject' : ' records-accept';
}

/** Numbers that are amounts stand at the right; ports and the like are labels. */
export function cellClass(column: Column): string {
  const amount = column.name === 'bytes' || column.name.startsWith('packets');
  return `records-cell${amount ? ' records-cell-number' : ''}`;
}
