import { type ReactNode, useState } from 'react';
import type { AlertCondition, AlertContent } from '../../src/model/alert/alert.ts';
import type { AlertEvent, AlertSeries } from '../../src/model/alert/alert-state.ts';
import type { AlertWithStatus } from '../data/use-alerts.ts';
import type { Schema } from '../data/use-schema.ts';
import { seriesField } from '../../src/model/alert/series-field.ts';
import { formatInterval } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { DocumentOrigin } from '../parts/document-origin.tsx';
import { StateText } from '../parts/state-text.tsx';
import { conditionText, stateTones, stateWords } from './alert-words.ts';
import { SeriesLabel } from './series-label.tsx';

/** A time in a reason, as the server writes it: in UTC. */
const TIME_IN_TEXT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** How many series are listed; the rest are only counted. */
const MOST_SERIES = 20;

export interface AlertCardActions {
  readonly onEdit: () => void;
  readonly onEnable: (enabled: boolean) => void;
  readonly onRemove: () => void;
  /** Discards changes made to the alert of a file. */
  readonly onRestore: () => void;
  /** Saves what an earlier version said. */
  readonly onPut: (content: AlertContent) => void;
  readonly onAcknowledge: (key: string, note: string) => void;
  readonly onSilence: (hours: number, reason: string) => void;
  readonly onEndSilence: (id: string) => void;
}

/** An alert: its state, the reason, and the actions. */
export function AlertCard(
  props: AlertCardActions & {
    readonly alert: AlertWithStatus;
    readonly schema: Schema;
    readonly timezone: string;
    readonly readOnly: boolean;
  },
): ReactNode {
  const { alert, schema, timezone, readOnly } = props;
  const { document, status } = alert;
  const { name, enabled, condition, note, channels } = document.content;
  const [asking, setAsking] = useState<'silence' | { readonly series: AlertSeries } | null>(null);
  const [history, setHistory] = useState(false);
  const moment = (iso: string): string => formatStamp(Date.parse(iso), timezone);
  const reasonText = (reason: string): string => reason.replaceAll(TIME_IN_TEXT, moment);
  const looked = status?.evaluated_to ?? null;
  const state = !enabled ? 'disabled' : looked === null ? 'waiting' : (status?.state ?? 'waiting');
  const series = status?.series ?? [];
  return (
    <article className={`alert alert-${state}`} aria-label={name}>
      <header>
        <h2>{name}</h2>
        <StateText tone={stateTones[state]}>{stateWords[state]}</StateText>
      </header>
      <p className="alert-condition">{conditionText(condition, schema)}</p>
      {status?.reason !== null && status !== null && (
        <p className="alert-reason">{reasonText(status.reason)}</p>
      )}
      {series.length > 0 && (
        <ul className="alert-series">
          {series.slice(0, MOST_SERIES).map((each) => (
            <li key={each.key}>
              <b
                className={
                  seriesField(condition) === null && each.label !== null ? 'alert-sentence' : undefined
                }
              >
                {each.label === null ? (
                  wholeOf(condition)
                ) : (
                  <SeriesLabel value={each.label} field={seriesField(condition)} />
                )}
              </b>
              <span>{figures(each, isTime(condition))}</span>
              <span className="alert-since">
                {each.state === 'pending' ? 'pending' : 'firing'} since {moment(each.since)}
              </span>
              {each.acknowledged !== null ? (
                <span className="alert-note">acknowledged: {each.acknowledged.note}</span>
              ) : (
                !readOnly && (
                  <button type="button" className="link" onClick={() => setAsking({ series: each })}>
                    Acknowledge…
                  </button>
                )
              )}
              {asking !== null && asking !== 'silence' && asking.series.key === each.key && (
                <ReasonForm
                  label="Who handles it, and how"
                  silence={false}
                  onCancel={() => setAsking(null)}
                  onDone={(reason) => {
                    props.onAcknowledge(each.key, reason);
                    setAsking(null);
                  }}
                />
              )}
            </li>
          ))}
          {series.length > MOST_SERIES && <li>and {series.length - MOST_SERIES} more</li>}
        </ul>
      )}
      {status?.silences.map((silence) => (
        <p key={silence.id} className="alert-note">
          Silenced until {moment(silence.until)}: {silence.reason}{' '}
          {!readOnly && (
            <button type="button" className="link" onClick={() => props.onEndSilence(silence.id)}>
              End it
            </button>
          )}
        </p>
      ))}
      {status?.waiting.map(({ channel, since, error }) => (
        <p key={`${channel} ${since}`} className="alert-reason">
          A message to {channel} waits since {moment(since)}
          {error !== null && `: ${error}`}
        </p>
      ))}
      {note !== null && <p className="alert-note">{note}</p>}
      {asking === 'silence' && (
        <ReasonForm
          label="Why it is silenced"
          silence
          onCancel={() => setAsking(null)}
          onDone={(reason, hours) => {
            props.onSilence(hours, reason);
            setAsking(null);
          }}
        />
      )}
      <footer>
        <span className="hint">
          {looked === null ? '' : `Evaluated up to ${moment(looked)}. `}
          {channels.length === 0 ? 'Not sent to any channel.' : `Sent to ${channels.join(', ')}.`}
        </span>
        <DocumentOrigin
          kind="alerts"
          document={document}
          readOnly={readOnly}
          timezone={props.timezone}
          onRestore={props.onRestore}
          onPut={props.onPut}
        />
        <span className="alert-tools">
          {(status?.history.length ?? 0) > 0 && (
            <button
              type="button"
              className="button"
              aria-expanded={history}
              onClick={() => setHistory(!history)}
            >
              History
            </button>
          )}
          {!readOnly && (
            <>
              <button type="button" className="button" onClick={() => setAsking('silence')}>
                Silence…
              </button>
              <button type="button" className="button" onClick={() => props.onEnable(!enabled)}>
                {enabled ? 'Disable' : 'Enable'}
              </button>
              <button type="button" className="button" onClick={props.onEdit}>
                Edit
              </button>
              {document.original === null && (
                <button type="button" className="button" onClick={props.onRemove}>
                  Delete
                </button>
              )}
            </>
          )}
        </span>
      </footer>
      {history && status !== null && (
        <History
          events={status.history}
          field={seriesField(condition)}
          moment={moment}
          reasonText={reasonText}
          seconds={isTime(condition)}
        />
      )}
    </article>
  );
}

/** The text for a series without a label. */
function wholeOf({ kind }: AlertCondition): string {
  return kind === 'no_logs' ? 'Newest flow' : 'All flows together';
}

/** Whether the values of a condition are seconds. */
function isTime({ kind }: AlertCondition): boolean {
  return kind === 'no_logs' || kind === 'source_lag';
}

function figures({ value, threshold }: Pick<AlertEvent, 'value' | 'threshold'>, seconds: boolean): string {
  if (value === null) return '';
  const text = (number: number): string =>
    seconds ? formatInterval(number) : number.toLocaleString('en-US', { maximumFractionDigits: 2 });
  return threshold === null ? text(value) : `${text(value)} (threshold ${text(threshold)})`;
}

function History(props: {
  readonly events: readonly AlertEvent[];
  readonly moment: (iso: string) => string;
  /** A reason with its times in the time zone of the page. */
  readonly reasonText: (reason: string) => string;
  readonly seconds: boolean;
  /** The field whose values they are about. */
  readonly field: string | null;
}): ReactNode {
  return (
    <table className="data-table alert-history">
      <thead>
        <tr>
          <th>To</th>
          <th>State</th>
          <th>Value</th>
          <th>About</th>
        </tr>
      </thead>
      <tbody>
        {props.events.slice(0, 50).map((event, i) => (
          <tr key={i}>
            <td>{props.moment(event.at)}</td>
            <td>{stateWords[event.state]}</td>
            <td>{figures(event, props.seconds)}</td>
            <td>
              {event.reason !== null
                ? props.reasonText(event.reason)
                : event.label !== null && <SeriesLabel value={event.label} field={props.field} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const hoursToChoose = [1, 4, 24, 168];

/** Asks for a reason, and for a silence also how long. */
function ReasonForm(props: {
  readonly label: string;
  readonly silence: boolean;
  readonly onCancel: () => void;
  readonly onDone: (reason: string, hours: number) => void;
}): ReactNode {
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(4);
  return (
    <form
      className="alert-ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') props.onDone(reason.trim(), hours);
      }}
    >
      {props.silence && (
        <select
          className="select"
          aria-label="How long"
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {hoursToChoose.map((each) => (
            <option key={each} value={each}>
              {each === 168 ? '1 week' : each === 24 ? '1 day' : each === 1 ? '1 hour' : `${each} hours`}
            </option>
          ))}
        </select>
      )}
      <input
        className="input"
        autoFocus
        placeholder={props.label}
        aria-label={props.label}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="submit" className="button button-main" disabled={reason.trim() === ''}>
        {props.silence ? 'Silence' : 'Acknowledge'}
      </button>
      <button type="button" className="button" onClick={props.onCancel}>
        Cancel
      </button>
    </form>
  );
}
