import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { PickList } from '../parts/pick-list.tsx';
import { toggleMeasure } from '../state/view-measures.ts';

/** Adds measures. */
export function MeasureMenu(props: { readonly onClose: () => void }): ReactNode {
  const { view, schema, go } = useExplorer();
  const items = schema.measures
    .filter((measure) => !view.measures.includes(measure.name))
    .map((measure) => ({ key: measure.name, label: measure.label, hint: measure.description }));
  return (
    <PickList
      placeholder="Find a measure"
      items={items}
      none="Every measure is there already."
      onPick={(key) => {
        const measure = schema.measures.find((each) => each.name === key);
        if (measure !== undefined) go(toggleMeasure(view, measure.name));
        props.onClose();
      }}
    />
  );
}
