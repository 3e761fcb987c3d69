import type { ReactNode } from 'react';
import { type SourceState, type SourceStatus, unreadableObjects } from '../../src/model/source-status.ts';
import { counted, formatCount, formatInterval } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { Fact, Facts } from '../parts/facts.tsx';
import { StateText, type StateTone } from '../parts/state-text.tsx';

const states: Readonly<Record<SourceState, string>> = {
  starting: 'Starting',
  catching_up: 'Catching up',
  live: 'Live',
  waiting: 'Waiting to try again',
  stopped: 'Stopped',
};

const tones: Readonly<Record<SourceState, StateTone>> = {
  starting: 'busy',
  catching_up: 'busy',
  live: 'good',
  waiting: 'bad',
  stopped: 'idle',
};

const MOST_REASONS = 5;

/** One source: how it is doing, and pausing it. */
export function SourceCard(props: {
  readonly source: SourceStatus;
  readonly timezone: string;
  readonly onPause: (paused: boolean) => void;
}): ReactNode {
  const { source, timezone } = props;
  const { id, state, records, objects, rate, lag_seconds, lag_objects, last_success, last_error, next_try } =
    source;
  const moment = (iso: string): string => formatStamp(Date.parse(iso), timezone);
  // Pushed sources, and accounts without a known source yet, are not read, so they cannot be paused.
  const sent = source.kind === 'firehose' || source.kind === 'aws';
  return (
    <article className="source">
      <header>
        <h2 title={id}>{id}</h2>
        <StateText tone={tones[state]}>{source.paused ? 'Paused' : states[state]}</StateText>
        {!sent && !source.paused && state !== 'stopped' && (
          <button type="button" className="chip" onClick={() => props.onPause(true)}>
            Pause
          </button>
        )}
        {!sent && source.paused && (
          <button type="button" className="chip" onClick={() => props.onPause(false)}>
            Resume
          </button>
        )}
      </header>
      <Facts>
        <Fact name="Records">
          {formatCount(records)}
          {objects > 0 && ` from ${counted(objects, 'object')}`}
        </Fact>
        <Fact name="Now">{rate === 0 ? 'no new records' : `${formatCount(Math.round(rate))} a second`}</Fact>
        {lag_seconds !== null && (
          <Fact name="Behind">
            {lag_seconds < 1 ? 'nothing' : formatInterval(lag_seconds)}
            {lag_objects !== null && lag_objects > 0 && `, ${counted(lag_objects, 'object')} waiting`}
          </Fact>
        )}
        <Fact name="Last commit">{last_success === null ? 'never' : moment(last_success)}</Fact>
        {source.unreadable.length > 0 && (
          <Fact name="Not read">{counted(unreadableObjects(source), 'object')}</Fact>
        )}
        {next_try !== null && <Fact name="Next try">{moment(next_try)}</Fact>}
      </Facts>
      {last_error !== null && (
        <p className={state === 'waiting' ? 'source-error' : 'source-note'}>
          <b>{moment(last_error.at)}</b> {last_error.message}
        </p>
      )}
      {source.unreadable.slice(0, MOST_REASONS).map(({ reason, objects, example }) => (
        <p key={`${reason} ${example}`} className="source-note">
          {`Not read: ${example}${objects === 1 ? '' : ` and ${counted(objects - 1, 'other')}`}. ${reason}`}
        </p>
      ))}
      {source.warnings.map((warning) => (
        <p key={warning} className="source-note">
          {warning}
        </p>
      ))}
    </article>
  );
}
