import { type ReactNode, useState } from 'react';
import type { DashboardContent, Tile } from '../../src/model/dashboard/dashboard.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { DASHBOARDS, navigate } from '../data/location.ts';
import { useDashboardActions, useDashboards } from '../data/use-dashboards.ts';
import { documentIdOf } from '../state/kept-views.ts';
import { PickList } from '../parts/pick-list.tsx';
import { SmallProblem } from '../parts/small-problem.tsx';

const NEW = 'new';

/** Adds the current view to a dashboard as a tile. */
export function PinMenu(props: { readonly onClose: () => void }): ReactNode {
  const { link, view, schema, notify } = useExplorer();
  const { dashboards, error } = useDashboards();
  const { put } = useDashboardActions();
  const [problem, setProblem] = useState<string | null>(null);
  const title = titleOf(
    view.splits.map(({ field }) => schema.dimension(field).label),
    view.measures.map((name) => schema.measure(name).label),
  );
  const pin = async (id: string): Promise<void> => {
    const chosen = dashboards?.find((each) => each.id === id);
    const tiles = chosen?.content.tiles ?? [];
    const tile: Tile = {
      id: documentIdOf(title, tiles),
      title,
      x: 0,
      y: Math.max(0, ...tiles.map(({ y, h }) => y + h)),
      w: 12,
      h: 8,
      kind: 'view',
      link,
    };
    const content: DashboardContent = chosen?.content ?? {
      name: title,
      description: '',
      link: '?v=1',
      variables: [],
      tiles: [],
    };
    const target = chosen?.id ?? documentIdOf(title, dashboards ?? []);
    try {
      await put(target, chosen?.version ?? null, { ...content, tiles: [...tiles, tile] });
      props.onClose();
      if (chosen === undefined) navigate(`${DASHBOARDS}/${target}`);
      else notify(`Pinned to ${content.name}`);
    } catch (refused) {
      setProblem((refused as Error).message);
    }
  };
  return (
    <>
      <PickList
        placeholder="Find a dashboard"
        items={[
          ...(dashboards ?? [])
            .toSorted((a, b) => a.content.name.localeCompare(b.content.name, 'en'))
            .map(({ id, content }) => ({
              key: `=${id}`,
              label: content.name,
              group: 'Dashboards',
              hint: content.description,
            })),
          { key: NEW, label: 'New dashboard', group: 'New', hint: 'With this view as its first tile' },
        ]}
        onPick={(key) => void pin(key === NEW ? '' : key.slice(1))}
      />
      {problem !== null && (
        <p className="hint hint-bad" role="alert">
          {problem}
        </p>
      )}
      {error !== null && <SmallProblem error={error} />}
    </>
  );
}

/** The default name of a view: `Flows by source address and time`. */
function titleOf(splits: readonly string[], measures: readonly string[]): string {
  const what = measures[0] ?? 'Flows';
  return splits.length === 0 ? what : `${what} by ${splits.map((each) => each.toLowerCase()).join(' and ')}`;
}
