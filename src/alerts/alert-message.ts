import { randomUUID } from 'node:crypto';
import type { AlertContent } from '../model/alert/alert.ts';
import type { Cell } from '../model/query/answer.ts';
import type { Change } from './advance-state.ts';
import type { About, ConditionOf } from './evaluation.ts';
import { iso } from './log-coverage.ts';
import { isEvent } from './series-step.ts';

/** A message to a channel: the body that a generic webhook gets (docs/alerts.md). */
export interface AlertMessage {
  readonly alert: { readonly id: string; readonly name: string };
  readonly state: 'firing' | 'ok' | 'error' | 'test';
  /** The value of the first row; with a split the largest. Null: no value. */
  readonly value: number | null;
  readonly threshold: number | null;
  /** The end of the evaluated window; ISO 8601, UTC, as the others. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The evaluated query; null: the condition has none. */
  readonly query: Readonly<Record<string, unknown>> | null;
  /** A link to the evaluated query in the explorer, to the findings on the page Knocks, or to the sources; without any to the alerts. */
  readonly link: string;
  /** One for each value of the split that entered this state, at most `MOST_ROWS`. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** How many there are in all. */
  readonly row_count: number;
  /** How many series of the alert fire now. */
  readonly firing: number;
  /** Whether a message follows once it is ok again; not for what is an event, such as a new value. */
  readonly resolves: boolean;
  /** What to do, or what went wrong. */
  readonly note: string | null;
  /** The same for each attempt to send it, and of no other message. */
  readonly key: string;
}

const MOST_ROWS = 50;

/**
 * A message that is stored before it is sent: its key is made here, once.
 *
 * @param firing how many series of the alert fire now
 * @param url where the page is, without a slash at the end */
export function messageOf(
  id: string,
  alert: AlertContent,
  change: Change,
  about: About,
  firing: number,
  url: string,
): AlertMessage {
  const [first] = change.series;
  const reason = change.reason === null ? [] : [change.reason];
  const note = [...reason, ...(alert.note === null ? [] : [alert.note])];
  return {
    alert: { id, name: alert.name },
    state: change.state === 'recovered' ? 'ok' : change.state,
    value: first?.value ?? null,
    threshold: first?.threshold ?? null,
    at: iso(about.to),
    from: iso(about.from),
    to: iso(about.to),
    query: about.query,
    link: linkTo(alert, change, about, url),
    rows: change.series.slice(0, MOST_ROWS).map(({ row }) => row),
    row_count: change.series.length,
    firing,
    resolves: change.state !== 'firing' || !isEvent(alert),
    note: note.length === 0 ? null : note.join('\n'),
    // Nothing about a message is its own: an alert that was changed, or was off for a while, is evaluated for the same window again.
    key: `${id}/${change.state}/${randomUUID()}`,
  };
}

function linkTo({ condition }: AlertContent, change: Change, about: About, url: string): string {
  const { query } = about;
  if (query !== null) return `${url}/?query=${encodeURIComponent(JSON.stringify(query))}`;
  switch (condition.kind) {
    case 'finding':
      return `${url}/knocks?${investigated(condition, change, about)}`;
    case 'source_lag':
    case 'no_logs':
      return `${url}/sources`;
    // It could not be evaluated, or is about flows no more.
    default:
      return `${url}/alerts`;
  }
}

/** The page Knocks as it was evaluated: its time (the page's own is the last days), its kind if there is one, and the first finding that fires. */
function investigated(
  { kinds }: ConditionOf<'finding'>,
  { state, series }: Change,
  { from, to }: About,
): string {
  const [kind, ...more] = kinds;
  const [first] = series;
  return new URLSearchParams({
    v: '1',
    ...(from < to ? { from: iso(from), to: iso(to) } : { time: 'all' }),
    ...(kind === undefined || more.length > 0 ? {} : { kind }),
    ...(state !== 'firing' || first === undefined ? {} : { finding: String(JSON.parse(first.key)) }),
  }).toString();
}

/** The message as text: a headline, and lines. */
export function messageText(message: AlertMessage): {
  readonly title: string;
  readonly lines: readonly string[];
} {
  const { alert, state, rows, row_count: count, note, from, to, link } = message;
  const words = { firing: 'Firing', ok: 'Resolved', error: 'Can’t be evaluated', test: 'Test' }[state];
  const shown = rows.map((row) =>
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
  );
  const more = count > rows.length ? [`and ${count - rows.length} more`] : [];
  const threshold = message.threshold === null ? [] : [`threshold ${message.threshold}`];
  return {
    title: `${words}: ${alert.name}`,
    lines: [...shown, ...more, ...threshold, `${from} to ${to}`, ...(note === null ? [] : [note]), link],
  };
}
