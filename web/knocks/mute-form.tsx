import { type ReactNode, useState } from 'react';
import { formatStamp } from '../../src/view/format/times.ts';
import { DAY } from '../../src/view/time/iso-duration.ts';
import { understandTime } from '../understand/understand-times.ts';

const lengths = [
  { label: 'A day', days: 1 },
  { label: 'A week', days: 7 },
  { label: 'A month', days: 30 },
];

/** For how long a finding is muted: a day, a week, a month, or until a moment of the page's zone. */
export function MuteForm(props: {
  readonly timezone: string;
  readonly busy: boolean;
  /** @param until ISO 8601 */
  readonly onDone: (until: string) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { timezone } = props;
  const [now] = useState(Date.now);
  const [text, setText] = useState(() => formatStamp(now + DAY, timezone, false).slice(0, 16));
  const meaning = understandTime(text, timezone);
  const fault =
    meaning.kind === 'fault' ? meaning.why : meaning.at <= now ? 'This time is in the past.' : null;
  return (
    <form
      className="state-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null && meaning.kind === 'time') props.onDone(new Date(meaning.at).toISOString());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel();
      }}
    >
      <div className="state-buttons">
        {lengths.map(({ label, days }) => (
          <button
            key={label}
            type="button"
            className="state-action"
            disabled={props.busy}
            onClick={() => props.onDone(new Date(Date.now() + days * DAY).toISOString())}
          >
            {label}
          </button>
        ))}
      </div>
      <label className="state-until">
        <span>Until</span>
        <input
          className={`input${fault === null ? '' : ' input-bad'}`}
          value={text}
          autoFocus
          spellCheck={false}
          aria-invalid={fault !== null}
          onChange={(event) => setText(event.target.value)}
        />
        <span className={fault === null ? 'hint' : 'hint hint-bad'}>{fault ?? timezone}</span>
      </label>
      <div className="state-buttons">
        <button type="submit" className="button button-main" disabled={props.busy || fault !== null}>
          Mute
        </button>
        <button type="button" className="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
