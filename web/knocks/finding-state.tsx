import { type ReactNode, useState } from 'react';
import { MOST_NOTE, stateWords } from '../../src/model/knocks/finding-state.ts';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import type { StateChange } from '../data/use-knocks.ts';
import { LinkedText } from '../parts/linked-text.tsx';
import { useFindingActions } from './finding-actions.ts';
import { MuteForm } from './mute-form.tsx';
import '../parts/controls.css';
import './finding-state.css';

type Form = 'acknowledge' | 'mute' | 'solve';

/** The state of a finding, the reason, and the actions that change it. */
export function FindingStatePart(props: {
  readonly finding: FindingWithState;
  readonly timezone: string;
}): ReactNode {
  const { finding, timezone } = props;
  const { state, state_info: info } = finding;
  const { change, readOnly } = useFindingActions();
  const [form, setForm] = useState<Form | null>(null);
  const [busy, setBusy] = useState(false);
  const apply = async (next: StateChange): Promise<void> => {
    setBusy(true);
    if (await change(finding.id, next)) setForm(null);
    setBusy(false);
  };
  const toggle = (name: Form, label: string): ReactNode => (
    <button
      type="button"
      className="state-action"
      aria-expanded={form === name}
      disabled={readOnly || busy}
      title={readOnly ? 'This store is read-only' : undefined}
      onClick={() => setForm(form === name ? null : name)}
    >
      {label}
    </button>
  );
  return (
    // A click on the card opens it; clicks in here must not.
    <div className="state" role="group" aria-label="State" onClick={(event) => event.stopPropagation()}>
      <div className="state-row">
        <span className={`state-name state-${state}`}>{stateWords[state]}</span>
        {info.until !== null && (
          <span className="state-when">until {formatStamp(Date.parse(info.until), timezone, false)}</span>
        )}
        {info.until === null && info.since !== null && state !== 'new' && (
          <span className="state-when">{formatStamp(Date.parse(info.since), timezone, false)}</span>
        )}
        <span className="state-actions">
          {state !== 'acknowledged' && toggle('acknowledge', 'Acknowledge…')}
          {state !== 'muted' && toggle('mute', 'Mute…')}
          {state !== 'solved' && toggle('solve', 'Solved…')}
          {state !== 'new' && state !== 'known' && (
            <button
              type="button"
              className="state-action"
              disabled={readOnly || busy}
              onClick={() => void apply({ state: 'known' })}
            >
              Reopen
            </button>
          )}
        </span>
      </div>
      {info.reason !== null && <p className="state-reason">{info.reason}</p>}
      {info.note !== null && (
        <p className="state-note">
          {info.solved_by === 'visits' ? <LinkedText text={info.note} /> : info.note}
        </p>
      )}
      {form === 'acknowledge' && (
        <NoteForm
          label="Why is it expected?"
          action="Acknowledge"
          required
          busy={busy}
          onDone={(note) => void apply({ state: 'acknowledged', note })}
          onCancel={() => setForm(null)}
        />
      )}
      {form === 'solve' && (
        <NoteForm
          label="What was done? (optional)"
          action="Mark as solved"
          busy={busy}
          onDone={(note) => void apply(note === '' ? { state: 'solved' } : { state: 'solved', note })}
          onCancel={() => setForm(null)}
        />
      )}
      {form === 'mute' && (
        <MuteForm
          timezone={timezone}
          busy={busy}
          onDone={(until) => void apply({ state: 'muted', until })}
          onCancel={() => setForm(null)}
        />
      )}
    </div>
  );
}

function NoteForm(props: {
  readonly label: string;
  readonly action: string;
  readonly required?: boolean;
  readonly busy: boolean;
  readonly onDone: (note: string) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const [note, setNote] = useState('');
  const text = note.trim();
  return (
    <form
      className="state-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (props.required !== true || text !== '') props.onDone(text);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel();
      }}
    >
      <label>
        <span>{props.label}</span>
        <textarea
          className="input"
          rows={2}
          autoFocus
          maxLength={MOST_NOTE}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <div className="state-buttons">
        <button
          type="submit"
          className="button button-main"
          disabled={props.busy || (props.required === true && text === '')}
        >
          {props.action}
        </button>
        <button type="button" className="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
