/** What a key does anywhere on the page, except in text fields. */
export type Command =
  | 'help'
  | 'find'
  | 'time'
  | 'filter'
  | 'split'
  | 'measure'
  | 'compare'
  | 'dimensions'
  | 'pinboard'
  | 'query'
  | 'export'
  | 'views'
  | 'link'
  | 'refresh'
  | 'clear'
  | 'knocks';

export const commands: readonly { readonly key: string; readonly command: Command; readonly does: string }[] =
  [
    { key: '/', command: 'find', does: 'Find a dimension or measure' },
    { key: 't', command: 'time', does: 'Choose the time' },
    { key: 'f', command: 'filter', does: 'Add a filter' },
    { key: 's', command: 'split', does: 'Add a split' },
    { key: 'm', command: 'measure', does: 'Add a measure' },
    { key: 'c', command: 'compare', does: 'Compare with the previous period, or stop' },
    { key: 'x', command: 'clear', does: 'Clear the filters' },
    { key: 'r', command: 'refresh', does: 'Refresh' },
    { key: 'q', command: 'query', does: 'Show the query' },
    { key: 'e', command: 'export', does: 'Export' },
    { key: 'v', command: 'views', does: 'Saved views' },
    { key: 'l', command: 'link', does: 'Copy the link' },
    { key: 'k', command: 'knocks', does: 'Switch between Knocks and the explorer' },
    { key: '[', command: 'dimensions', does: 'Hide or show the dimensions' },
    { key: ']', command: 'pinboard', does: 'Hide or show the pinboard' },
    { key: '?', command: 'help', does: 'Keyboard shortcuts' },
  ];

/** The rest of the sheet: keys of one part of the page, and mouse gestures. */
export const sheet: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [keys: string, does: string])[];
}[] = [
  {
    title: 'On a dimension',
    rows: [
      ['Enter', 'open its menu'],
      ['f', 'filter by it'],
      ['s', 'split by it'],
      ['a', 'add it as a split'],
      ['p', 'pin it, or unpin it'],
      ['↑ ↓', 'next or previous'],
    ],
  },
  {
    title: 'On a pill',
    rows: [
      ['Enter', 'open its menu'],
      ['Alt ← →', 'move it'],
      ['Alt ↓', 'split by a filter’s dimension too'],
      ['Alt ↑', 'filter by a split’s dimension too'],
      ['Delete', 'remove it'],
    ],
  },
  {
    title: 'In a table or chart',
    rows: [
      ['↑ ↓ ← →', 'move; collapse and expand'],
      ['Shift ← →', 'collapse and expand all rows'],
      ['Enter', 'actions; on a dashboard: filter, or stop that'],
      ['Shift Enter', 'the page of the current address, port, …'],
      ['Esc', 'clear the selection'],
    ],
  },
  {
    title: 'With the mouse',
    rows: [
      ['drag', 'dimensions and pills, to filter, split, chart and pinboard'],
      ['click', 'a row or mark: actions'],
      ['right-click', 'actions, where a click does something else'],
      ['brush', 'a chart: zoom into that time'],
    ],
  },
];

/**
 * Elements whose keys are their own while they have the focus. A dialog that was just closed does not count: it keeps
 * the focus until the next frame if nothing had it before.
 */
const INPUTS = 'input, textarea, select, dialog[open], .popup';

/** The command of a key press; null: none. None in text fields or while a dialog is open. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  const { target } = event;
  if (target instanceof Element && target.closest(`${INPUTS}, .menu, .bubble`) !== null) return null;
  return commands.find((each) => each.key === event.key)?.command ?? null;
}

/** The number of a digit key, for the visualizations; null: another key. */
export function digitOf(event: KeyboardEvent): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  if (target instanceof Element && target.closest(INPUTS) !== null) return null;
  return /^[1-9]$/.test(event.key) ? Number(event.key) : null;
}
