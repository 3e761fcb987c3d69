import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { pathOf } from '../data/use-view.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import type { View } from '../state/view.ts';

/** The way to single flows: they are read in the explorer, page by page. */
export function RecordsLink(props: { readonly view: View }): ReactNode {
  const { schema } = useExplorer();
  return <InnerLink to={pathOf(props.view, schema)}>Show the records</InnerLink>;
}
