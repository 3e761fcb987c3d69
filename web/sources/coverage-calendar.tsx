import type { ReactNode } from 'react';
import { formatBucket } from '../../src/view/format/times.ts';
import { counted } from '../../src/view/format/numbers.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { coverageDays, type CoverageDay, type HourState } from './coverage-days.ts';

const UTC = 'Etc/UTC';
/** Weeks of the past that are shown. */
export const MOST_DAYS = 35;

const words: Readonly<Record<HourState, string>> = {
  logged: 'logs',
  lost: 'logs, of which AWS lost some (SKIPDATA)',
  none: 'no logs: unknown',
  outside: 'before the first flow or after the newest',
};

/** The last weeks of the logs, an hour a cell. */
export function CoverageCalendar(props: {
  readonly coverage: Coverage;
  readonly span: Span;
  /** The account and region that it is about, and how to leave it; null: all of them. */
  readonly account: { readonly name: string; readonly leave: () => void } | null;
}): ReactNode {
  const days = coverageDays(props.coverage, props.span, MOST_DAYS);
  return (
    <section className="coverage" aria-label="Coverage">
      <h2>
        Coverage <span>{props.account === null ? '' : `of ${props.account.name}, `}hour by hour, UTC</span>
        {props.account !== null && (
          <button type="button" className="button" onClick={props.account.leave}>
            Show all
          </button>
        )}
      </h2>
      <div className="coverage-scroll">
        <table className="coverage-table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {Array.from({ length: 24 }, (_, hour) => (
                <th key={hour} scope="col">
                  <span className={hour % 3 === 0 ? undefined : 'visually-hidden'}>
                    {String(hour).padStart(2, '0')}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <Day key={day.from} day={day} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="coverage-legend">
        {(['logged', 'lost', 'none'] as const).map((state) => (
          <span key={state}>
            <i className={`hour hour-${state}`} /> {words[state]}
          </span>
        ))}
      </p>
    </section>
  );
}

function Day({ day }: { readonly day: CoverageDay }): ReactNode {
  const name = formatBucket(day.from, 'P1D', UTC);
  const missing = day.hours.filter((state) => state === 'none').length;
  return (
    <tr>
      <th scope="row" title={missing === 0 ? undefined : `${counted(missing, 'hour')} without logs`}>
        {name}
      </th>
      {day.hours.map((state, hour) => (
        <td key={hour} title={`${name} ${String(hour).padStart(2, '0')}:00: ${words[state]}`}>
          <i className={`hour hour-${state}`} />
        </td>
      ))}
    </tr>
  );
}
