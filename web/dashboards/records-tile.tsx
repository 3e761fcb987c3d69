import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { useRecords } from '../data/use-records.ts';
import type { View } from '../../src/view/view.ts';
import { RecordsView } from '../views/records-view.tsx';

/** Single flows, a page at a time, as in the explorer. */
export function RecordsTile(props: { readonly view: View }): ReactNode {
  const { schema } = useExplorer();
  return <RecordsView records={useRecords(props.view, schema.revision)} />;
}
