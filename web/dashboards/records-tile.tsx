import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { useRecords } from '../data/use-records.ts';
import type { View } from '../../src/view/view.ts';
import { RecordsView } from '../views/records-view.tsx';
import { SmallProblem } from '../parts/small-problem.tsx';

/** Single flows, a page at a time, as in the explorer. */
export function RecordsTile(props: { readonly view: View }): ReactNode {
  const { schema } = useExplorer();
  const records = useRecords(props.view, schema.revision);
  if (records.error !== null) return <SmallProblem error={records.error} />;
  return <RecordsView records={records} />;
}
