import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import type { Tile } from '../../src/model/dashboard/dashboard.ts';
import { chartQuery } from '../../src/view/chart-layout/chart-query.ts';
import {
  type Explorer,
  ExplorerProvider,
  NowProvider,
  SchemaProvider,
  SelectionProvider,
  useExplorer,
} from '../data/explorer-context.ts';
import { leaveTo } from '../data/location.ts';
import { useQuestion } from '../data/use-question.ts';
import { pathOf } from '../data/use-view.ts';
import { type TileView, afterTile, toggleMark } from '../../src/view/dashboard-view.ts';
import { lackingFields, listedField } from '../../src/view/tile-fields.ts';
import type { View } from '../../src/view/view.ts';
import { RecordsTile } from './records-tile.tsx';
import { TopList } from '../views/top-list.tsx';
import { Visual } from '../views/visual.tsx';
import { FigureTile } from './figure-tile.tsx';
import { SmallProblem } from '../parts/small-problem.tsx';
import type { TilesInLink } from './use-dashboard-view.ts';

/** A view of the explorer as a tile: a filter chosen in it applies to the whole dashboard. */
export function ViewTile(props: {
  readonly tile: Tile & { readonly kind: 'view' | 'figure' | 'list' };
  readonly shown: TileView;
  readonly tiles: TilesInLink;
  /** What the dashboard opens with. */
  readonly opening: View;
  readonly inSight: boolean;
}): ReactNode {
  const { tile, tiles, inSight, opening } = props;
  const { view, own } = props.shown;
  const dashboard = useExplorer();
  const { schema } = dashboard;
  const context = useMemo<Explorer>(
    () => ({
      ...dashboard,
      view,
      askable: inSight,
      go: (next) => {
        // Splits are changed in the explorer only.
        if (!hasSameFields(next, view)) return leaveTo(pathOf(next, schema));
        const after = afterTile(dashboard.view, own, next);
        if (hasSameRows(next, view)) dashboard.go(after);
        else tiles.go(after, tile.id, next);
      },
    }),
    [dashboard, tile, tiles, view, own, inSight, schema],
  );
  const lacking = lackingFields(tile, view, schema);
  const latest = useRef(context);
  useLayoutEffect(() => {
    latest.current = context;
  });
  const now = useCallback(() => latest.current, []);
  const selecting = useMemo(
    () => ({
      selection: null,
      filters: true,
      select: (selection: { readonly steps: Parameters<typeof toggleMark>[1] } | null) => {
        if (selection !== null) dashboard.go(toggleMark(dashboard.view, selection.steps, opening));
      },
    }),
    [dashboard, opening],
  );
  return (
    <SchemaProvider value={schema}>
      <NowProvider value={now}>
        <ExplorerProvider value={context}>
          <SelectionProvider value={selecting}>
            {lacking !== null ? (
              <p className="hint">{lacking}</p>
            ) : tile.kind === 'view' ? (
              <ChartTile inSight={inSight} />
            ) : tile.kind === 'figure' ? (
              <FigureTile inSight={inSight} />
            ) : (
              <TopList field={listedField(tile.field, schema)} limit={tile.limit} aside={false} />
            )}
          </SelectionProvider>
        </ExplorerProvider>
      </NowProvider>
    </SchemaProvider>
  );
}

function hasSameFields(a: View, b: View): boolean {
  const of = ({ splits, visualization }: View): string =>
    [visualization, ...splits.map(({ field }) => field)].join();
  return of(a) === of(b);
}

function hasSameRows(a: View, b: View): boolean {
  const of = ({ splits, having, percent, recordsOrder }: View): string =>
    JSON.stringify([splits, having, percent, recordsOrder]);
  return of(a) === of(b);
}

function ChartTile(props: { readonly inSight: boolean }): ReactNode {
  const { view, schema, range } = useExplorer();
  const { spec, query } = useMemo(() => chartQuery(view, range), [view, range]);
  const { data, stale, error } = useQuestion(query, spec, schema.revision, !props.inSight);
  if (error !== null) return <SmallProblem error={error} />;
  if (spec.visualization === 'records') return props.inSight && <RecordsTile view={view} />;
  return (
    <div className={`chart-body${stale ? ' stale' : ''}`} aria-busy={stale}>
      {data === null ? <p className="hint hint-late tile-late">Counting …</p> : <Visual answered={data} />}
    </div>
  );
}
