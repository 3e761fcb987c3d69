import type { FindingKind } from '../knocks/finding-kinds.ts';

/** Columns of a dashboard's grid. */
export const GRID_COLUMNS = 12;
/** Rows of the grid, at most, and of one tile. */
export const MOST_ROWS = 1_000;
export const MOST_TILE_ROWS = 40;
export const MOST_TILES = 60;
export const MOST_VARIABLES = 8;
export const MOST_DESCRIPTION = 1_000;
export const MOST_TILE_TEXT = 20_000;
/** Rows of a list and findings of a tile, at most. */
export const MOST_TILE_ITEMS = 50;

/** Tiles on a grid, all under one time and one filter. */
export interface DashboardContent {
  /** Not empty. */
  readonly name: string;
  readonly description: string;
  /**
   * What it opens with: time, time zone, comparison and filters, as a link of the explorer carries them (`?v=1&last=P7D`).
   * What the link doesn't say is as the explorer opens.
   */
  readonly link: string;
  /** Dimensions whose values are chosen in drop-downs. */
  readonly variables: readonly {
    readonly field: string;
    /** What it is called; empty: as its dimension. */
    readonly label: string;
  }[];
  /** With an id each, which no other tile has. */
  readonly tiles: readonly Tile[];
}

/** A part of a dashboard. */
export type Tile = TilePlace & TileSubject;

export interface TilePlace {
  /** As the id of a document. */
  readonly id: string;
  /** Empty: it has none. */
  readonly title: string;
  /** Cells of the grid, from its upper left corner; `x + w` is at most `GRID_COLUMNS`. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What a tile shows. A `link` is a view of the explorer; its time, time zone and comparison are those of the dashboard. */
export type TileSubject =
  | { readonly kind: 'view'; readonly link: string }
  /** The view's first measure of the whole, its change and how it went over time. */
  | { readonly kind: 'figure'; readonly link: string }
  /** The top values of a dimension by the view's first measure. */
  | { readonly kind: 'list'; readonly link: string; readonly field: string; readonly limit: number }
  | { readonly kind: 'text'; readonly text: string }
  /** Findings of the investigation, of these kinds; none: of all. */
  | { readonly kind: 'findings'; readonly kinds: readonly FindingKind[]; readonly limit: number }
  /** How following the sources goes. */
  | { readonly kind: 'sources' };

export const tileKinds = [
  'view',
  'figure',
  'list',
  'text',
  'findings',
  'sources',
] as const satisfies readonly TileSubject['kind'][];
