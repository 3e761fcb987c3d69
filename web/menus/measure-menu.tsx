import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import { type PickItem, PickList } from '../parts/pick-list.tsx';
import { measureIdeas } from '../state/measure-ideas.ts';
import { toggleMeasure } from '../state/view-measures.ts';

/** Adds measures. */
export function MeasureMenu(props: { readonly onClose: () => void }): ReactNode {
  const { view, schema, go } = useExplorer();
  const itemOf = ({ name, label, description }: ReturnType<typeof schema.measure>): PickItem => ({
    key: name,
    label,
    hint: description,
  });
  const named = schema.named.map(({ measure, name }) => ({
    ...itemOf(schema.measure(measure)),
    label: name,
    note: measure,
  }));
  const items = [...schema.measures.map(itemOf), ...named].filter(
    ({ key }) => !view.measures.some((name) => name === key),
  );
  const more = (text: string): readonly PickItem[] =>
    measureIdeas(text, schema.dimensions)
      .filter((name) => !view.measures.includes(name))
      .map((name) => ({ ...itemOf(schema.measure(name)), note: name }));
  return (
    <PickList
      placeholder="Find, or define: p95, bytes/packets, port"
      items={items}
      none="No such measure."
      more={more}
      onPick={(key) => {
        if (isMeasureName(key)) go(toggleMeasure(view, key));
        props.onClose();
      }}
    />
  );
}
