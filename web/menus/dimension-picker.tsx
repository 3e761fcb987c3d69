import type { ReactNode } from 'react';
import type { Dimension } from '../data/use-schema.ts';
import { fieldGroups } from '../../src/model/catalog/field.ts';
import { PickList } from '../parts/pick-list.tsx';

/** Dimensions in the order of their groups; groups that the catalog doesn't name come last. */
export function byGroup(dimensions: readonly Dimension[]): readonly Dimension[] {
  const place = (group: string): number => {
    const at = (fieldGroups as readonly string[]).indexOf(group);
    return at < 0 ? fieldGroups.length : at;
  };
  return [...dimensions].sort((a, b) => place(a.group) - place(b.group));
}

/** Picks one of the dimensions that the logs have. */
export function DimensionPicker(props: {
  readonly dimensions: readonly Dimension[];
  readonly without?: readonly string[];
  readonly onPick: (field: string) => void;
}): ReactNode {
  const items = byGroup(props.dimensions)
    .filter((each) => each.logged && !props.without?.includes(each.name))
    .map((each) => ({ key: each.name, label: each.label, group: each.group, hint: each.description }));
  return <PickList placeholder="Find a dimension" items={items} onPick={props.onPick} />;
}
