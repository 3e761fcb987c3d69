import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { type RecordsOrder, useRecords } from '../data/use-records.ts';
import type { View } from '../../src/view/view.ts';
import { RecordsView } from '../views/records-view.tsx';

/** Single flows, a page at a time, as in the explorer. */
export function RecordsTile(props: { readonly view: View }): ReactNode {
  const { schema } = useExplorer();
  const [order, setOrder] = useState<RecordsOrder>({ field: 'start', order: 'desc' });
  const records = useRecords(props.view, order, schema.revision);
  return <RecordsView records={records} order={order} onOrder={setOrder} />;
}
