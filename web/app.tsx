import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, lazy, useState } from 'react';
import { thingOfPath } from './state/about-url.ts';
import {
  ALERTS,
  DASHBOARDS,
  DOOR,
  EMBED,
  EMBEDDED_TILE,
  KNOCKS,
  MAP,
  SOURCES,
  usePath,
} from './data/location.ts';
import { useSchema } from './data/use-schema.ts';
import { NamesProvider, useNames } from './data/use-names.ts';
import { PlacesProvider, placesFor } from './data/use-place.ts';
import { ProblemPanel } from './parts/problem-panel.tsx';
import { EmptyStore } from './views/empty-store.tsx';
import { Explorer } from './views/explorer.tsx';
import { type Place, TopBar } from './views/top-bar.tsx';
import { DropZone } from './uploads/drop-zone.tsx';
import { UploadsProvider, uploadsFor } from './uploads/uploads-context.ts';

// Loaded separately: the explorer does not need it.
const KnocksPage = lazy(async () => ({ default: (await import('./knocks/knocks-page.tsx')).KnocksPage }));

const DoorPage = lazy(async () => ({ default: (await import('./door/door-page.tsx')).DoorPage }));

const SourcesPage = lazy(async () => ({
  default: (await import('./sources/sources-page.tsx')).SourcesPage,
}));

const AlertsPage = lazy(async () => ({ default: (await import('./alerts/alerts-page.tsx')).AlertsPage }));

const DashboardsPage = lazy(async () => ({
  default: (await import('./dashboards/dashboards-page.tsx')).DashboardsPage,
}));

const EmbeddedTile = lazy(async () => ({
  default: (await import('./dashboards/embedded-tile.tsx')).EmbeddedTile,
}));

const AboutPage = lazy(async () => ({ default: (await import('./address/about-page.tsx')).AboutPage }));

const MapPage = lazy(async () => ({ default: (await import('./map/map-page.tsx')).MapPage }));

export function App(): ReactNode {
  const { schema, error, refetch } = useSchema();
  const names = useNames(schema?.revision ?? null);
  const client = useQueryClient();
  const [places] = useState(() => placesFor(client));
  const [uploads] = useState(() => uploadsFor(client));
  return (
    <NamesProvider value={names}>
      <PlacesProvider value={places}>
        <UploadsProvider value={uploads}>
          <Page schema={schema} error={error} refetch={refetch} />
          <DropZone schema={schema} />
        </UploadsProvider>
      </PlacesProvider>
    </NamesProvider>
  );
}

function Page({ schema, error, refetch }: ReturnType<typeof useSchema>): ReactNode {
  const path = usePath();
  const place = placeOf(path);
  const thing = thingOfPath(path);
  if (
    schema !== null &&
    (schema.span !== null || place === 'sources' || place === 'door' || place === 'alerts')
  ) {
    if (path.startsWith(`${EMBEDDED_TILE}/`))
      return (
        <Suspense fallback={null}>
          <EmbeddedTile schema={schema} path={path} />
        </Suspense>
      );
    if (place === 'explore' && thing === null) return <Explorer schema={schema} embedded={path === EMBED} />;
    return (
      <Suspense
        fallback={
          <div className="app">
            <TopBar place={place} />
          </div>
        }
      >
        {thing !== null ? (
          <AboutPage key={`${thing.kind} ${thing.value}`} schema={schema} thing={thing} />
        ) : place === 'map' ? (
          <MapPage schema={schema} />
        ) : place === 'knocks' ? (
          <KnocksPage schema={schema} />
        ) : place === 'door' ? (
          <DoorPage schema={schema} />
        ) : place === 'alerts' ? (
          <AlertsPage schema={schema} />
        ) : place === 'dashboards' ? (
          <DashboardsPage schema={schema} path={path} />
        ) : (
          <SourcesPage schema={schema} />
        )}
      </Suspense>
    );
  }
  return (
    <div className="app">
      <TopBar place={place} />
      {schema !== null ? (
        <EmptyStore untimed={schema.untimed} readOnly={schema.readOnly} />
      ) : (
        error !== null && <ProblemPanel error={error} onRetry={refetch} />
      )}
    </div>
  );
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
