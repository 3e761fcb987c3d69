import type { ReactNode } from 'react';
import type { HiddenGroups } from '../../src/model/query/answer.ts';
import { useExplorerNow, useStoreSchema } from '../data/explorer-context.ts';
import { counted } from '../../src/view/format/numbers.ts';
import type { View } from '../../src/view/view.ts';

/** What conditions on measures hid, and the way to see it. */
export function HiddenName(props: { readonly hidden: HiddenGroups }): ReactNode {
  const explorer = useExplorerNow();
  const schema = useStoreSchema();
  const { hidden } = props;
  const show = (): void => explorer().go({ ...explorer().view, having: [] });
  return (
    <>
      <span className="ellipsis" title={`Hidden by the filter on ${measuresOf(explorer().view, schema)}`}>
        {hiddenText(hidden)}
      </span>
      <button
        type="button"
        className="link hidden-show"
        tabIndex={-1}
        onClick={(event) => {
          event.stopPropagation();
          show();
        }}
      >
        Show
      </button>
    </>
  );
}

/** `812 rows hidden, 90,211 flows`. */
export function hiddenText({ groups, flows }: HiddenGroups): string {
  return `${counted(groups, 'row')} hidden, ${counted(flows, 'flow')}`;
}

function measuresOf({ having }: View, schema: ReturnType<typeof useStoreSchema>): string {
  return having.map(({ measure }) => schema.measure(measure).label).join(' and ');
}
