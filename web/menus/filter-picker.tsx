import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { PickList } from '../parts/pick-list.tsx';
import { TIME } from '../../src/view/view.ts';
import { byGroup } from './dimension-picker.tsx';

/** Picks what to filter by: a dimension (its name), or a measure (`measure:flows`). */
export function FilterPicker(props: { readonly onPick: (key: string) => void }): ReactNode {
  const { schema } = useExplorer();
  const dimensions = byGroup(schema.dimensions)
    .filter((each) => each.logged)
    .map((each) => ({
      key: each.name,
      label: each.name === TIME ? 'Time, several ranges' : each.label,
      group: each.group,
      hint: each.name === TIME ? 'Flows that began in any of several ranges' : each.description,
    }));
  const measures = schema.measures.map((each) => ({
    key: `measure:${each.name}`,
    label: each.label,
    group: 'Filter rows by measure',
    hint: `Filters rows by this measure. ${each.description}`,
  }));
  return (
    <PickList
      placeholder="Find a dimension or measure"
      items={[...dimensions, ...measures]}
      onPick={props.onPick}
    />
  );
}
