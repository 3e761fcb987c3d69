import { type ReactNode, useState } from 'react';
import { formatRange, formatStamp, zoneName } from '../../src/view/format/times.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { calendarSpan, calendarUnits } from '../../src/view/time/calendar.ts';
import { countedName } from '../../src/view/time/iso-duration.ts';
import { understandDuration } from '../understand/durations.ts';
import { understandTime } from '../understand/understand-times.ts';
import './time-menu.css';

const latest = ['PT1H', 'PT6H', 'P1D', 'P7D', 'P30D'] as const;

/** The text of the time pill: `Latest 7 days`. */
export function timeTitle(time: TimeChoice): string {
  switch (time.kind) {
    case 'last':
      return `Latest ${countedName(time.last)}`;
    case 'absolute':
      return 'From – to';
    case 'all':
      return 'All time';
  }
}

interface Choosing {
  readonly time: TimeChoice;
  /** The current range of the time. */
  readonly range: Span;
  /** Just after the newest flow. */
  readonly newest: number;
  readonly timezone: string;
  readonly onChoose: (time: TimeChoice) => void;
}

/** Selects the time range: back from the newest flow, all, a calendar unit, or from–to to the minute. */
export function TimeMenu(props: Choosing): ReactNode {
  const { time, range, timezone, onChoose: choose } = props;
  return (
    <div className="time-menu">
      <div className="time-latest">
        {latest.map((last) => (
          <button
            key={last}
            type="button"
            aria-pressed={time.kind === 'last' && time.last === last}
            onClick={() => choose({ kind: 'last', last })}
          >
            Latest {countedName(last)}
          </button>
        ))}
        <button type="button" aria-pressed={time.kind === 'all'} onClick={() => choose({ kind: 'all' })}>
          All time
        </button>
      </div>
      <div>
        <Calendar {...props} />
        <Latest {...props} />
        <FixedTime key={`${range.from} ${range.to} ${timezone}`} {...props} />
      </div>
    </div>
  );
}

/** The day, week, month and quarter of the newest flow, and those before. */
function Calendar({ time, newest, timezone, onChoose }: Choosing): ReactNode {
  return (
    <div className="time-calendar">
      {[0, 1].map((back) => (
        <div key={back}>
          <span className="soft">{back === 0 ? 'Newest' : 'Before'}</span>
          {calendarUnits.map((unit) => {
            const span = calendarSpan(unit, back, newest - 1, timezone);
            const chosen = time.kind === 'absolute' && time.from === span.from && time.to === span.to;
            return (
              <button
                key={unit}
                type="button"
                aria-pressed={chosen}
                aria-label={`${back === 0 ? 'Newest' : 'Previous'} ${unit}`}
                onClick={() => onChoose({ kind: 'absolute', ...span })}
              >
                {unit}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** Any length back from the newest flow. */
function Latest({ time, newest, timezone, onChoose }: Choosing): ReactNode {
  const [text, setText] = useState(time.kind === 'last' ? time.last : '');
  const wanted = understandDuration(text);
  const span =
    wanted.kind === 'duration' ? rangeOf({ kind: 'last', last: wanted.iso }, { from: 0, to: newest }) : null;
  return (
    <form
      className="time-duration"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted.kind === 'duration') onChoose({ kind: 'last', last: wanted.iso });
      }}
    >
      <label className="soft" htmlFor="time-last">
        Latest
      </label>
      <input
        id="time-last"
        className={`input${wanted.kind === 'fault' ? ' input-bad' : ''}`}
        placeholder="90m, 3 days, P2W"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={wanted.kind !== 'duration'}>
        Show
      </button>
      <p className={`time-preview ${wanted.kind === 'fault' ? 'hint hint-bad' : 'hint'}`} role="status">
        {wanted.kind === 'fault'
          ? wanted.why
          : wanted.kind === 'duration' && span !== null
            ? `Latest ${wanted.words}: ${formatRange(span, timezone)}`
            : 'Any duration, counted back from the newest flow.'}
      </p>
    </form>
  );
}

function FixedTime({ range, timezone, onChoose }: Choosing): ReactNode {
  // The end is exclusive, so a newest flow at 14:00:59 asks for a “to” of 14:01.
  const ceiling = Math.ceil(range.to / 60_000) * 60_000;
  const [from, setFrom] = useState(formatStamp(range.from, timezone, false));
  const [to, setTo] = useState(formatStamp(ceiling, timezone, false));
  const [start, end] = [understandTime(from, timezone), understandTime(to, timezone)];
  const wrong = start.kind === 'fault' ? start.why : end.kind === 'fault' ? end.why : null;
  const span = start.kind === 'time' && end.kind === 'time' ? { from: start.at, to: end.at } : null;
  const fault = wrong ?? (span !== null && span.from >= span.to ? 'From must be before to.' : null);
  const note = [start, end].flatMap((each) => (each.kind === 'time' ? (each.note ?? []) : []))[0];
  return (
    <form
      className="time-fixed"
      onSubmit={(event) => {
        event.preventDefault();
        if (span !== null && fault === null) onChoose({ kind: 'absolute', ...span });
      }}
    >
      <label>
        From
        <input
          className={`input mono${start.kind === 'fault' ? ' input-bad' : ''}`}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          className={`input mono${end.kind === 'fault' ? ' input-bad' : ''}`}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-main" disabled={fault !== null}>
        Show
      </button>
      <p className={fault === null ? 'hint' : 'hint hint-bad'}>
        {fault ??
          note ??
          `Times of ${zoneName(timezone)}; “to” is not included. “Latest” counts back from the newest flow.`}
      </p>
    </form>
  );
}
