import type { ReactNode } from 'react';
import type { Tile } from '../../src/model/dashboard/dashboard.ts';
import { ExplorerProvider } from '../data/explorer-context.ts';
import { DASHBOARDS, EMBEDDED_TILE } from '../data/location.ts';
import { useDashboards, type DashboardDocument } from '../data/use-dashboards.ts';
import type { Schema } from '../data/use-schema.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { EmbedHead } from '../views/embed-head.tsx';
import { Shell } from '../views/shell.tsx';
import { TileFrame } from './tile-frame.tsx';
import { useDashboardView } from './use-dashboard-view.ts';
import './dashboards.css';

/** One tile of a dashboard alone, for a frame of another page: `/embed/dashboards/overview/flows`. */
export function EmbeddedTile(props: { readonly schema: Schema; readonly path: string }): ReactNode {
  const { schema, path } = props;
  const { dashboards, error, retry } = useDashboards();
  const [dashboard, name] = path.slice(EMBEDDED_TILE.length + 1).split('/');
  const document = dashboards?.find(({ id }) => id === dashboard);
  const tile = document?.content.tiles.find(({ id }) => id === name);
  if (document !== undefined && tile !== undefined)
    return <TileAlone document={document} tile={tile} schema={schema} path={path} />;
  return (
    <main className="center">
      {error !== null ? (
        <ProblemPanel error={error} onRetry={retry} />
      ) : dashboards === null ? (
        <WaitText>Reading the dashboard …</WaitText>
      ) : (
        <p className="hint hint-bad">There is no such tile (any more).</p>
      )}
    </main>
  );
}

function TileAlone(props: {
  readonly document: DashboardDocument;
  readonly tile: Tile;
  readonly schema: Schema;
  readonly path: string;
}): ReactNode {
  const { document, tile } = props;
  const [toast, notify] = useToast();
  const { context, tiles, base, opening, search } = useDashboardView(
    document.content,
    props.path,
    props.schema,
    notify,
  );
  useTitle(tile.title === '' ? document.content.name : tile.title);
  return (
    <ExplorerProvider value={context}>
      <Shell>
        <EmbedHead link={`${DASHBOARDS}/${document.id}${search}`} />
        <CrashGuard resetKey={search}>
          <main className="tile-alone">
            <TileFrame
              tile={tile}
              base={base}
              tiles={tiles}
              opening={opening}
              dashboard={null}
              editing={null}
            />
          </main>
        </CrashGuard>
        {toast}
      </Shell>
    </ExplorerProvider>
  );
}
