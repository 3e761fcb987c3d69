import { GRID_COLUMNS, MOST_TILE_ROWS, type Tile } from '../../src/model/dashboard/dashboard.ts';

type Place = Pick<Tile, 'id' | 'x' | 'y' | 'w' | 'h'>;
export type Direction = 'left' | 'right' | 'up' | 'down';

/** Moves a tile by one step: a column aside, or over the tile above or below it. The others move out of the way, and gaps above tiles are closed. */
export function moveTile<T extends Place>(tiles: readonly T[], id: string, to: Direction): readonly T[] {
  const tile = tiles.find((each) => each.id === id);
  if (tile === undefined) return tiles;
  const beside = tiles.filter(
    (each) => each !== tile && each.x < tile.x + tile.w && tile.x < each.x + each.w,
  );
  const above = beside.filter((each) => each.y + each.h <= tile.y);
  const below = beside.filter((each) => each.y >= tile.y + tile.h);
  const at = {
    left: { x: Math.max(0, tile.x - 1), y: tile.y },
    right: { x: Math.min(GRID_COLUMNS - tile.w, tile.x + 1), y: tile.y },
    up: { x: tile.x, y: above.length === 0 ? tile.y : Math.max(...above.map(({ y }) => y)) },
    down: { x: tile.x, y: below.length === 0 ? tile.y : Math.min(...below.map(({ y, h }) => y + h)) },
  }[to];
  return settle(
    tiles.map((each) => (each === tile ? { ...each, ...at } : each)),
    id,
  );
}

/** Makes a tile wider or narrower, higher or lower by one cell, within the grid. */
export function resizeTile<T extends Place>(tiles: readonly T[], id: string, to: Direction): readonly T[] {
  return settle(
    tiles.map((tile) => {
      if (tile.id !== id) return tile;
      const w = tile.w + (to === 'right' ? 1 : to === 'left' ? -1 : 0);
      const h = tile.h + (to === 'down' ? 1 : to === 'up' ? -1 : 0);
      return {
        ...tile,
        w: Math.max(1, Math.min(GRID_COLUMNS - tile.x, w)),
        h: Math.max(1, Math.min(MOST_TILE_ROWS, h)),
      };
    }),
    id,
  );
}

/** The first row below all tiles. */
export function bottomOf(tiles: readonly Place[]): number {
  return Math.max(0, ...tiles.map(({ y, h }) => y + h));
}

/** Moves every tile up as far as possible; `first` has precedence over the others. */
function settle<T extends Place>(tiles: readonly T[], first: string): readonly T[] {
  const order = [...tiles].sort(
    (a, b) => a.y - b.y || Number(b.id === first) - Number(a.id === first) || a.x - b.x,
  );
  const placed: T[] = [];
  for (const tile of order) {
    const free = (y: number): boolean =>
      placed.every(
        (each) =>
          each.x >= tile.x + tile.w ||
          tile.x >= each.x + each.w ||
          each.y >= y + tile.h ||
          y >= each.y + each.h,
      );
    let y = tile.y;
    while (!free(y)) y++;
    while (y > 0 && free(y - 1)) y--;
    placed.push({ ...tile, y });
  }
  return tiles.map((tile) => placed.find(({ id }) => id === tile.id) ?? tile);
}
