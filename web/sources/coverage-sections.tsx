import { type ReactNode, useState } from 'react';
import { useAccountCoverage } from '../data/use-account-coverage.ts';
import type { Schema } from '../data/use-schema.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { keyOf, knownHours } from './account-hours.ts';
import { AccountTable, accountName } from './account-table.tsx';
import { CoverageCalendar } from './coverage-calendar.tsx';
import { SmallProblem } from '../parts/small-problem.tsx';

/** The hours with logs: for all accounts and regions together, or for one of them. */
export function CoverageSections(props: { readonly schema: Schema; readonly span: Span }): ReactNode {
  const { schema, span } = props;
  const { coverage: accounts, error } = useAccountCoverage(schema.revision);
  const [chosen, choose] = useState<string | null>(null);
  const account = accounts?.accounts.find((each) => keyOf(each) === chosen);
  const end = accounts?.range?.to;
  const shown =
    account === undefined || end === undefined
      ? { span, coverage: schema.coverage }
      : knownHours(account, end);
  return (
    <>
      <CoverageCalendar
        {...shown}
        account={account === undefined ? null : { name: accountName(account), leave: () => choose(null) }}
      />
      {accounts !== null && <AccountTable accounts={accounts} chosen={chosen} onChoose={choose} />}
      {error !== null && <SmallProblem error={error} />}
    </>
  );
}
