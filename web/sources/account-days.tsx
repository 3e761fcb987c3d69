import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Answer } from '../../src/model/query/answer.ts';
import { postJson } from '../data/api.ts';
import type { Schema } from '../data/use-schema.ts';
import { formatShort } from '../format/numbers.ts';
import { formatBucket } from '../format/times.ts';
import { HOUR } from '../time/iso-duration.ts';

const DAY = 24 * HOUR;
const MOST_DAYS = 35;
const MOST_ACCOUNTS = 20;
const MOST_REGIONS = 20;

interface AccountDays {
  readonly account: string;
  readonly region: string | null;
  readonly flows: number;
  /** Hours with flows, by the day's beginning. */
  readonly hours: ReadonlyMap<number, number>;
}

/** For each account and region: of how many hours of each day there are flows. */
export function AccountsByDay({ schema }: { readonly schema: Schema }): ReactNode {
  const { span, revision } = schema;
  const regional = schema.dimension('region').logged;
  const to = Math.ceil((span?.to ?? 0) / DAY) * DAY;
  const from = Math.max(Math.floor((span?.from ?? 0) / DAY) * DAY, to - MOST_DAYS * DAY);
  const query = {
    time: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    splits: [
      { field: 'account_id', limit: MOST_ACCOUNTS },
      ...(regional ? [{ field: 'region', limit: MOST_REGIONS }] : []),
      { field: 'time', bucket: 'P1D' },
    ],
    measures: ['hours_active', 'flows'],
  };
  const { data, error } = useQuery({
    queryKey: ['account-days', query, revision],
    enabled: span !== null && schema.dimension('account_id').logged,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => postJson<Answer>('/api/v1/query', query, signal),
  });
  if (error !== null) return <p className="coverage-note">Accounts can’t be shown: {error.message}</p>;
  if (data === undefined || span === null) return null;
  const days = Array.from({ length: (to - from) / DAY }, (_, i) => from + i * DAY);
  return (
    <section className="coverage" aria-label="Accounts and regions">
      <h2>
        {regional ? 'Accounts and regions' : 'Accounts'} <span>hours with flows, by the day, UTC</span>
      </h2>
      <div className="coverage-scroll">
        <table className="coverage-table account-table">
          <thead>
            <tr>
              <th scope="col">Account</th>
              {days.map((day) => (
                <th key={day} scope="col">
                  {new Date(day).getUTCDate() % 7 === 1 || days.length < 10
                    ? String(new Date(day).getUTCDate())
                    : ''}
                </th>
              ))}
              <th scope="col" className="account-flows">
                Flows
              </th>
            </tr>
          </thead>
          <tbody>
            {accountsOf(data, regional).map((each) => (
              <tr key={`${each.account} ${each.region ?? ''}`}>
                <th scope="row">
                  {each.account}
                  {each.region !== null && <span> {each.region}</span>}
                </th>
                {days.map((day) => {
                  const hours = each.hours.get(day) ?? 0;
                  const title = `${formatBucket(day, 'P1D', 'Etc/UTC')}: flows in ${hours} of 24 hours`;
                  return (
                    <td key={day} title={title}>
                      <i className="hour hour-share" style={{ '--share': `${(100 * hours) / 24}%` }} />
                    </td>
                  );
                })}
                <td className="account-flows">{formatShort(each.flows, 'count')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.truncated && <p className="coverage-note">Only the accounts with the most flows are shown.</p>}
    </section>
  );
}

function accountsOf({ rows }: Answer, regional: boolean): readonly AccountDays[] {
  const all = new Map<
    string,
    { account: string; region: string | null; flows: number; hours: Map<number, number> }
  >();
  for (const row of rows) {
    const account = String(row[0] ?? 'no account');
    const region = regional ? String(row[1] ?? 'no region') : null;
    const [time, hours, flows] = row.slice(regional ? 2 : 1);
    const key = `${account} ${region ?? ''}`;
    const known = all.get(key) ?? { account, region, flows: 0, hours: new Map<number, number>() };
    known.flows += Number(flows);
    if (time !== null) known.hours.set(Date.parse(String(time)), Number(hours));
    all.set(key, known);
  }
  return [...all.values()];
}
