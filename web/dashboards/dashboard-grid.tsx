import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import GridLayout, { type Layout } from 'react-grid-layout';
import 'react-grid-layout/css/styles.css';
import {
  GRID_COLUMNS,
  MOST_TILE_ROWS,
  type DashboardContent,
  type Tile,
} from '../../src/model/dashboard/dashboard.ts';
import { useSize } from '../charts/use-size.ts';
import type { View } from '../../src/view/view.ts';
import { type Direction, moveTile, resizeTile } from './tile-layout.ts';
import { TileFrame } from './tile-frame.tsx';
import type { TilesInLink } from './use-dashboard-view.ts';
import type { Editing } from './use-editing.ts';

/** Pixels. */
const ROW = 32;
const GAP = 12;
/** Below this width tiles are in one column. */
const NARROW = 760;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The tiles at their places; in edit mode they can be moved and resized, by keyboard too. */
export function DashboardGrid(props: {
  /** Of the dashboard. */
  readonly id: string;
  readonly content: DashboardContent;
  readonly editing: Editing;
  /** What the link of a tile leaves out. */
  readonly base: View;
  readonly tiles: TilesInLink;
  /** What the dashboard opens with. */
  readonly opening: View;
  /** Opens a tile in the explorer to change its view, starting with `own`. */
  readonly onEditView: (tile: Tile, own: View) => void;
}): ReactNode {
  const { editing, base } = props;
  const { tiles } = props.content;
  const [element, width] = useSize<HTMLDivElement>('board');
  const edited = editing.draft !== null;
  const setTiles = (next: readonly Tile[]): void => {
    if (JSON.stringify(next) !== JSON.stringify(tiles)) editing.change({ tiles: next });
  };
  const onKeyDown = (event: KeyboardEvent, { id }: Tile): void => {
    const to = directions[event.key];
    if (!edited || to === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    setTiles(event.shiftKey ? resizeTile(tiles, id, to) : moveTile(tiles, id, to));
  };
  const onLayout = (layout: Layout): void =>
    setTiles(
      tiles.map((tile) => {
        const place = layout.find(({ i }) => i === tile.id);
        return place === undefined ? tile : { ...tile, x: place.x, y: place.y, w: place.w, h: place.h };
      }),
    );
  const layout = useMemo(
    () => tiles.map(({ id, x, y, w, h }) => ({ i: id, x, y, w, h, minW: 2, minH: 2, maxH: MOST_TILE_ROWS })),
    [tiles],
  );
  const frame = (tile: Tile): ReactNode => (
    <TileFrame
      tile={tile}
      base={base}
      tiles={props.tiles}
      opening={props.opening}
      dashboard={props.id}
      editing={
        edited
          ? {
              onKeyDown: (event) => onKeyDown(event, tile),
              onChange: (next) => setTiles(tiles.map((each) => (each.id === tile.id ? next : each))),
              onEditView: (own) => props.onEditView(tile, own),
              onRemove: () => setTiles(tiles.filter(({ id }) => id !== tile.id)),
            }
          : null
      }
    />
  );
  return (
    <div ref={element} className="board-grid">
      {/* The grid's library looks for this before it writes a style of its own, which the page's policy forbids. */}
      <span id="react-draggable-style-el" hidden />
      {tiles.length === 0 && (
        <p className="board-none">
          Nothing is on this dashboard yet. Open a view in the explorer and choose <i>Pin to dashboard</i>, or{' '}
          <i>Edit</i> and add a tile.
        </p>
      )}
      {width > 0 &&
        (width < NARROW ? (
          tiles
            .toSorted((a, b) => a.y - b.y || a.x - b.x)
            .map((tile) => (
              // A text is as tall as its lines, which are more here.
              <div
                key={tile.id}
                className="board-cell"
                style={tile.kind === 'text' ? {} : { height: tile.h * (ROW + GAP) - GAP }}
              >
                {frame(tile)}
              </div>
            ))
        ) : (
          <GridLayout
            width={width}
            layout={layout}
            gridConfig={{ cols: GRID_COLUMNS, rowHeight: ROW, margin: [GAP, GAP], containerPadding: [0, 0] }}
            dragConfig={{ enabled: edited, handle: '.tile-head', cancel: 'button, input, a' }}
            resizeConfig={{ enabled: edited, handles: ['se'] }}
            onDragStop={onLayout}
            onResizeStop={onLayout}
          >
            {tiles.map((tile) => (
              <div key={tile.id} className="board-cell">
                {frame(tile)}
              </div>
            ))}
          </GridLayout>
        ))}
    </div>
  );
}
