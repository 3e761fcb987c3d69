import type { ReactNode } from 'react';
import type { AccountCoverage, AccountHours } from '../../src/model/account-coverage.ts';
import { counted, formatShort } from '../../src/view/format/numbers.ts';
import { formatBucket } from '../../src/view/format/times.ts';
import { HOUR } from '../../src/view/time/iso-duration.ts';
import { accountDays, keyOf } from './account-hours.ts';
import { MOST_DAYS } from './coverage-calendar.tsx';

const DAY = 24 * HOUR;

/** For each account and region: how many hours of each day have logs. A click shows its hours. */
export function AccountTable(props: {
  readonly accounts: AccountCoverage;
  /** The key of the one whose hours are shown; null: all together. */
  readonly chosen: string | null;
  readonly onChoose: (key: string | null) => void;
}): ReactNode {
  const { accounts, range, truncated } = props.accounts;
  if (range === null || accounts.every((each) => each.account_id === null && each.region === null))
    return null;
  const to = Math.ceil(Date.parse(range.to) / DAY) * DAY;
  const from = Math.max(Math.floor(Date.parse(range.from) / DAY) * DAY, to - MOST_DAYS * DAY);
  const days = Array.from({ length: (to - from) / DAY }, (_, at) => from + at * DAY);
  return (
    <section className="coverage" aria-label="Accounts and regions">
      <h2>
        Accounts and regions <span>hours with logs, by the day, UTC</span>
      </h2>
      <div className="coverage-scroll">
        <table className="coverage-table account-table">
          <thead>
            <tr>
              <th scope="col">Account</th>
              {days.map((day) => (
                <th key={day} scope="col">
                  {isNamed(day, days.length) ? String(new Date(day).getUTCDate()) : ''}
                </th>
              ))}
              <th scope="col" className="account-flows">
                Flows
              </th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => {
              const key = keyOf(account);
              return (
                <tr key={key}>
                  <th scope="row">
                    <button
                      type="button"
                      className="account-name"
                      aria-pressed={key === props.chosen}
                      title="Show its hours above"
                      onClick={() => props.onChoose(key === props.chosen ? null : key)}
                    >
                      {account.account_id ?? 'no account'}
                      {account.region !== null && <span> {account.region}</span>}
                    </button>
                  </th>
                  {accountDays(account, from, days.length).map((day) => (
                    <td key={day.from} title={titleOf(day)}>
                      <i
                        className={`hour hour-share${day.lost > 0 ? ' hour-share-lost' : ''}`}
                        style={{ '--share': `${(100 * day.logged) / 24}%` }}
                      />
                    </td>
                  ))}
                  <td className="account-flows">{formatShort(account.flows, 'count')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {truncated && <p className="coverage-note">Only the accounts with the most flows are shown.</p>}
    </section>
  );
}

/** The name of an account in a region, in a sentence. */
export function accountName({ account_id, region }: AccountHours): string {
  return [account_id ?? 'no account', region].filter((part) => part !== null).join(' ');
}

/** Mondays, or all days if they are few. */
function isNamed(day: number, count: number): boolean {
  return count < 10 || new Date(day).getUTCDay() === 1;
}

function titleOf({ from, logged, lost }: ReturnType<typeof accountDays>[number]): string {
  const losses = lost === 0 ? '' : `; AWS lost records in ${counted(lost, 'hour')}`;
  return `${formatBucket(from, 'P1D', 'Etc/UTC')}: logs of ${logged} of 24 hours${losses}`;
}
