import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, lazy, useState } from 'react';
import { thingOfPath } from './state/about-url.ts';
import {
  ALERTS,
  DASHBOARDS,
  DOOR,
  EMBED,
  EMBEDDED_TILE,
  EXPLORER,
  KNOCKS,
  MAP,
  SOURCES,
  usePath,
} from './data/location.ts';
import { part } from './data/page-part.ts';
import { SchemaRequestProvider } from './data/schema-request.ts';
import { type Schema, useSchema } from './data/use-schema.ts';
import { NamesProvider, useNames } from './data/use-names.ts';
import { PlacesProvider, placesFor } from './data/use-place.ts';
import { CrashGuard } from './parts/crash-guard.tsx';
import { WaitText } from './parts/wait-text.tsx';
import { EmptyStore } from './views/empty-store.tsx';
import { Explorer } from './views/explorer.tsx';
import { NoSuchPage } from './views/no-such-page.tsx';
import { WaitingPage } from './views/store-wait.tsx';
import { type Place, TopBar } from './views/top-bar.tsx';
import { DropZone } from './uploads/drop-zone.tsx';
import { UploadsProvider, uploadsFor } from './uploads/uploads-context.ts';

// Loaded separately: the explorer does not need them.
const KnocksPage = lazy(() => part(import('./knocks/knocks-page.tsx'), 'KnocksPage'));
const DoorPage = lazy(() => part(import('./door/door-page.tsx'), 'DoorPage'));
const SourcesPage = lazy(() => part(import('./sources/sources-page.tsx'), 'SourcesPage'));
const AlertsPage = lazy(() => part(import('./alerts/alerts-page.tsx'), 'AlertsPage'));
const DashboardsPage = lazy(() => part(import('./dashboards/dashboards-page.tsx'), 'DashboardsPage'));
const EmbeddedTile = lazy(() => part(import('./dashboards/embedded-tile.tsx'), 'EmbeddedTile'));
const AboutPage = lazy(() => part(import('./address/about-page.tsx'), 'AboutPage'));
const MapPage = lazy(() => part(import('./map/map-page.tsx'), 'MapPage'));

export function App(): ReactNode {
  const { schema, ...request } = useSchema();
  const names = useNames(schema?.revision ?? null);
  const client = useQueryClient();
  const [places] = useState(() => placesFor(client));
  const [uploads] = useState(() => uploadsFor(client));
  const path = usePath();
  return (
    <NamesProvider value={names}>
      <PlacesProvider value={places}>
        <UploadsProvider value={uploads}>
          <SchemaRequestProvider value={request}>
            <CrashGuard
              resetKey={path}
              renderProblem={(problem) => (
                <div className="app">
                  {!isEmbedded(path) && <TopBar place={placeOf(path)} />}
                  <main className="center">{problem}</main>
                </div>
              )}
            >
              <Page schema={schema} path={path} />
            </CrashGuard>
          </SchemaRequestProvider>
          <DropZone schema={schema} />
        </UploadsProvider>
      </PlacesProvider>
    </NamesProvider>
  );
}

function Page(props: { readonly schema: Schema | null; readonly path: string }): ReactNode {
  const { schema, path } = props;
  const place = placeOf(path);
  const thing = thingOfPath(path);
  const embedded = isEmbedded(path);
  if (place === 'explore' && path !== EXPLORER && thing === null && !embedded)
    return <NoSuchPage path={path} />;
  if (schema === null && (embedded || thing !== null || !showsBefore.has(place)))
    return <WaitingPage place={embedded ? null : place} />;
  if (schema !== null && schema.span === null && !showsWithout.has(place))
    return (
      <div className="app">
        <TopBar place={place} />
        <EmptyStore untimed={schema.untimed} readOnly={schema.readOnly} />
      </div>
    );
  if (schema !== null && place === 'explore' && thing === null && !path.startsWith(`${EMBEDDED_TILE}/`))
    return <Explorer schema={schema} embedded={embedded} />;
  return (
    <Suspense
      fallback={
        <div className="app">
          {!embedded && <TopBar place={place} />}
          <main className="center">
            <WaitText>Loading the page …</WaitText>
          </main>
        </div>
      }
    >
      {place === 'door' ? (
        <DoorPage schema={schema} />
      ) : place === 'alerts' ? (
        <AlertsPage schema={schema} />
      ) : place === 'dashboards' ? (
        <DashboardsPage schema={schema} path={path} />
      ) : place === 'sources' ? (
        <SourcesPage schema={schema} />
      ) : schema === null ? null : embedded ? (
        <EmbeddedTile schema={schema} path={path} />
      ) : thing !== null ? (
        <AboutPage key={`${thing.kind} ${thing.value}`} schema={schema} thing={thing} />
      ) : place === 'map' ? (
        <MapPage schema={schema} />
      ) : (
        <KnocksPage schema={schema} />
      )}
    </Suspense>
  );
}

/** Pages that show something before the database has answered: what they show is kept beside it, or has a wait of its own. */
const showsBefore: ReadonlySet<Place> = new Set<Place>(['alerts', 'dashboards', 'door', 'sources']);
/** Pages that show something without flows. */
const showsWithout: ReadonlySet<Place> = new Set<Place>(['alerts', 'door', 'sources']);

function isEmbedded(path: string): boolean {
  return path === EMBED || path.startsWith(`${EMBEDDED_TILE}/`);
}

function placeOf(path: string): Place {
  if (path === DASHBOARDS || path.startsWith(`${DASHBOARDS}/`)) return 'dashboards';
  switch (path) {
    case MAP:
      return 'map';
    case KNOCKS:
      return 'knocks';
    case DOOR:
      return 'door';
    case SOURCES:
      return 'sources';
    case ALERTS:
      return 'alerts';
    default:
      return 'explore';
  }
}
