import type { ReactNode } from 'react';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import { navigate } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { pathOf } from '../data/use-view.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { counted, formatCount, formatShort } from '../../src/view/format/numbers.ts';
import { formatRange } from '../../src/view/format/times.ts';
import { withTime } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { MINUTE } from '../../src/view/time/iso-duration.ts';
import { MOST_FILES } from './chosen-files.ts';
import type { UploadQueue, UploadState } from './upload-queue.ts';
import '../parts/controls.css';
import './upload-panel.css';

/** How many lines of one kind are listed; the rest are counted. */
const MOST_LISTED = 5;

/** The progress of uploads, and their result at the end. */
export function UploadPanel(props: {
  readonly state: UploadState;
  readonly queue: UploadQueue;
  readonly schema: Schema | null;
}): ReactNode {
  const { state, queue, schema } = props;
  const sending = state.phase === 'sending';
  const range = sending ? null : newRange(state.report);
  return (
    <section className="uploads" aria-label="Files that are added">
      <h2 role="status">{titleOf(state)}</h2>
      {sending ? <Progress state={state} /> : null}
      <Outcome state={state} timezone={schema?.timezone ?? 'Etc/UTC'} />
      <div className="uploads-actions">
        {range !== null && schema !== null && (
          <button
            type="button"
            className="button button-main"
            onClick={() => {
              navigate(pathOf(withTime(openingView(schema), { kind: 'absolute', ...range }), schema));
              queue.putAway();
            }}
          >
            Show the new flows
          </button>
        )}
        <button type="button" className="button" onClick={() => (sending ? queue.cancel() : queue.putAway())}>
          {sending ? 'Cancel' : 'Close'}
        </button>
      </div>
    </section>
  );
}

function Progress({ state: { bytes, current, files } }: { readonly state: UploadState }): ReactNode {
  const reading = current?.progress.stage === 'reading' ? current.progress.records : null;
  return (
    <>
      <progress
        aria-label="Bytes sent"
        max={Math.max(1, bytes.total)}
        value={bytes.total === 0 ? 1 : bytes.sent}
      />
      <p>
        {formatShort(bytes.sent, 'bytes')} of {formatShort(bytes.total, 'bytes')} sent
        {files.total > 1 && `, ${formatCount(files.done)} of ${counted(files.total, 'file')} read`}
      </p>
      {current !== null && (
        <p className="ellipsis" title={current.name}>
          {current.name}
          {reading !== null && `: ${counted(reading, 'record')}`}
        </p>
      )}
    </>
  );
}

/** What was ingested, what was not, and why. */
function Outcome({ state, timezone }: { readonly state: UploadState; readonly timezone: string }): ReactNode {
  const { report, refused, stopped, phase } = state;
  const range = newRange(report);
  const facts = [
    phase === 'sending' && report.flows > 0 ? `${counted(report.flows, 'new flow')} so far` : '',
    range !== null && phase !== 'sending' ? formatRange(range, timezone) : '',
    report.skipped_inputs > 0 ? `${counted(report.skipped_inputs, 'file')} already in the store` : '',
    report.nodata > 0 ? `${counted(report.nodata, 'window')} without data` : '',
    report.skipdata > 0 ? `${counted(report.skipdata, 'window')} whose records AWS lost` : '',
    report.untimed_flows > 0 ? `${counted(report.untimed_flows, 'flow')} without a time` : '',
  ].filter((fact) => fact !== '');
  const faults = [
    ...refused.map(({ name, problem }) => ({ name, reason: problem.message })),
    ...report.failures.map(({ input, reason }) => ({ name: input.replace(/^upload:/, ''), reason })),
    ...report.other_files.map(({ input, kind }) => ({
      name: input.replace(/^upload:/, ''),
      reason: `No flow logs (${kind}).`,
    })),
  ];
  const left = state.files.total - state.files.done;
  return (
    <>
      {facts.length > 0 && <p>{facts.join(' · ')}</p>}
      {state.leftOut > 0 && (
        <p className="uploads-fault">
          {counted(state.leftOut, 'file')} left out: {formatCount(MOST_FILES)} can be uploaded at once. Add
          the rest afterwards, or ingest the folder with <code>peephole ingest</code>.
        </p>
      )}
      {stopped !== null && <p className="uploads-fault">{stopped.message}</p>}
      {phase === 'cancelled' && left > 0 && (
        <p>{counted(left, 'file')} not read. What came in before stays; added again, it counts once.</p>
      )}
      {report.quarantined > 0 && (
        <div className="uploads-fault">
          <p>{counted(report.quarantined, 'line')} in quarantine:</p>
          <ul>
            {report.reasons.slice(0, MOST_LISTED).map(({ reason, records, input, line }) => (
              <li key={reason}>
                {reason}{' '}
                <span className="soft">{`(${counted(records, 'line')}, such as ${input.replace(/^upload:/, '')}, line ${line})`}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {faults.length > 0 && (
        <ul className="uploads-fault">
          {faults.slice(0, MOST_LISTED).map(({ name, reason }, at) => (
            <li key={at}>
              <b>{name}</b> {reason}
            </li>
          ))}
          {faults.length > MOST_LISTED && <li>and {counted(faults.length - MOST_LISTED, 'more file')}</li>}
        </ul>
      )}
    </>
  );
}

function titleOf({ phase, files, report, refused }: UploadState): string {
  if (phase === 'sending')
    return files.total === 1 ? 'Reading a file' : `Reading ${counted(files.total, 'file')}`;
  if (report.flows > 0) return counted(report.flows, 'new flow');
  if (phase === 'cancelled') return 'Cancelled';
  if (report.quarantined > 0) return 'No valid records';
  if (report.skipped_inputs > 0) return 'Nothing new';
  if (report.failed_inputs > 0 || refused.length > 0) return 'No file could be read';
  return report.records > 0 ? 'Read' : 'No flow logs';
}

/** The time of the new flows in whole minutes; null: none has a time. */
function newRange({ range }: IngestReport): Span | null {
  if (range === null) return null;
  return {
    from: Math.floor(Date.parse(range.from) / MINUTE) * MINUTE,
    to: Math.ceil(Date.parse(range.to) / MINUTE) * MINUTE,
  };
}
