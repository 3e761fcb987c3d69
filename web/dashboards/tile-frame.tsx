import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react';
import type { Tile } from '../../src/model/dashboard/dashboard.ts';
import { useIsVisible } from '../charts/use-is-visible.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { EMBEDDED_TILE } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { listedField } from '../../src/view/tile-fields.ts';
import { pathOf } from '../data/use-view.ts';
import { copyText } from '../parts/clipboard.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { tileView } from '../../src/view/dashboard-view.ts';
import type { View } from '../../src/view/view.ts';
import { FindingsTile } from './findings-tile.tsx';
import { SourcesTile } from './sources-tile.tsx';
import { TextTile } from './text-tile.tsx';
import { TileSettings } from './tile-settings.tsx';
import { kindNames } from './tile-names.ts';
import type { TilesInLink } from './use-dashboard-view.ts';
import { ViewTile } from './view-tile.tsx';

/** What is done with a tile while its dashboard is edited. */
export interface TileEditing {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onChange: (tile: Tile) => void;
  readonly onRemove: () => void;
  /** Changes its view in the explorer. */
  readonly onEditView: (own: View) => void;
}

/** A tile: its title, a link to the explorer, and its content once it is visible. */
export function TileFrame(props: {
  readonly tile: Tile;
  readonly base: View;
  readonly tiles: TilesInLink;
  /** What the dashboard opens with. */
  readonly opening: View;
  /** The dashboard that it is on; null: it is shown alone, in a frame. */
  readonly dashboard: string | null;
  /** Null: it is not edited. */
  readonly editing: TileEditing | null;
}): ReactNode {
  const { tile, base, tiles, dashboard, editing } = props;
  const edited = editing !== null;
  const { view, schema } = useExplorer();
  const element = useRef<HTMLElement>(null);
  const inSight = useIsVisible(element);
  const link = 'link' in tile ? tile.link : null;
  const shown = useMemo(() => {
    if (link === null) return null;
    const opened = tileView(link, view, base, schema.vocabulary);
    return { ...opened, view: tiles.viewOf(tile.id, opened.view) };
  }, [link, view, base, tile.id, tiles, schema.vocabulary]);
  const name = tile.title === '' ? kindNames[tile.kind] : tile.title;
  return (
    <article
      ref={element}
      className={`tile tile-${tile.kind}${edited ? ' tile-edited' : ''}`}
      aria-label={name}
    >
      {(edited || tile.title !== '' || shown !== null) && (
        <header
          className="tile-head"
          {...(editing !== null
            ? {
                tabIndex: 0,
                role: 'group',
                'aria-label': `${name}: arrow keys move it, with Shift they resize it`,
                onKeyDown: editing.onKeyDown,
              }
            : {})}
        >
          {editing !== null ? (
            <>
              <span className="tile-grip" aria-hidden="true" />
              <input
                className="input"
                aria-label="Title of the tile"
                maxLength={120}
                value={tile.title}
                onChange={(event) => editing.onChange({ ...tile, title: event.target.value })}
              />
              <TileSettings
                tile={tile}
                name={name}
                onChange={editing.onChange}
                onEditView={() => {
                  if (link === null) return;
                  // Without the filters of the dashboard, which are not part of the tile.
                  const own = tileView(link, { ...view, filters: [] }, base, schema.vocabulary).view;
                  editing.onEditView(exploredView(tile, own, schema));
                }}
              />
              <button type="button" className="link" onClick={editing.onRemove}>
                Remove
              </button>
            </>
          ) : (
            <>
              <h2 className="ellipsis" title={name}>
                {tile.title}
              </h2>
              {dashboard !== null && <EmbedTile dashboard={dashboard} tile={tile} name={name} />}
              {shown !== null && dashboard !== null && (
                <InnerLink
                  to={pathOf(exploredView(tile, shown.view, schema), schema)}
                  className="tile-open"
                  label={`Explore ${name}`}
                >
                  Explore
                </InnerLink>
              )}
            </>
          )}
        </header>
      )}
      <div className="tile-body">
        {shown !== null && (tile.kind === 'view' || tile.kind === 'figure' || tile.kind === 'list') && (
          <ViewTile tile={tile} shown={shown} tiles={tiles} opening={props.opening} inSight={inSight} />
        )}
        {tile.kind === 'text' && (
          <TextTile
            text={tile.text}
            onChange={editing === null ? null : (text) => editing.onChange({ ...tile, text })}
          />
        )}
        {tile.kind === 'findings' && inSight && <FindingsTile tile={tile} />}
        {tile.kind === 'sources' && inSight && <SourcesTile />}
      </div>
    </article>
  );
}

/** Copies a link that shows the tile alone, with the time and filters on show. */
function EmbedTile(props: {
  readonly dashboard: string;
  readonly tile: Tile;
  readonly name: string;
}): ReactNode {
  const { notify } = useExplorer();
  const { dashboard, tile, name } = props;
  return (
    <button
      type="button"
      className="tile-open tile-embed"
      aria-label={`Embed ${name}`}
      title="Copy a link that shows this tile alone, for a frame of another page"
      onClick={() => {
        const path = `${EMBEDDED_TILE}/${dashboard}/${tile.id}${window.location.search}`;
        const link = new URL(path, window.location.href).href;
        void copyText(link).then((done) => notify(done ? 'Link to embed copied' : link));
      }}
    >
      Embed
    </button>
  );
}

/** What the explorer shows of a tile: the split of a list is not in its view. */
function exploredView(tile: Tile, view: View, schema: Schema): View {
  if (tile.kind !== 'list') return view;
  return {
    ...view,
    splits: [{ field: listedField(tile.field, schema), bucket: null, limit: 50, sort: null }],
  };
}
