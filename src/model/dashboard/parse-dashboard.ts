import { readField, readKind } from '../alert/parse-alert.ts';
import { MOST_LINK, MOST_NAME, documentIdForm } from '../document/document.ts';
import { findingKinds } from '../knocks/finding-kinds.ts';
import { badQuery, impossibleQuery, shown, unknownName } from '../query/bad-query.ts';
import { readArray, readObject, readText, type JsonObject } from '../query/json-reader.ts';
import {
  GRID_COLUMNS,
  MOST_DESCRIPTION,
  MOST_ROWS,
  MOST_TILES,
  MOST_TILE_ITEMS,
  MOST_TILE_ROWS,
  MOST_TILE_TEXT,
  MOST_VARIABLES,
  tileKinds,
  type DashboardContent,
  type Tile,
  type TilePlace,
  type TileSubject,
} from './dashboard.ts';

export const dashboardKeys = ['description', 'link', 'variables', 'tiles'];

const placeKeys = ['id', 'kind', 'title', 'x', 'y', 'w', 'h'];

const keysOf: Readonly<Record<Tile['kind'], readonly string[]>> = {
  view: ['link'],
  figure: ['link'],
  list: ['link', 'field', 'limit'],
  text: ['text'],
  findings: ['kinds', 'limit'],
  sources: [],
};

const idForm = new RegExp(documentIdForm);

/**
 * Checks a dashboard that came as JSON, without its name. Throws `bad_query`, and `impossible_query` for a tile that
 * sticks out of the grid or has the id of another.
 */
export function parseDashboard(given: JsonObject): Omit<DashboardContent, 'name'> {
  const tiles = readArray(given['tiles'], 'tiles', MOST_TILES).map((tile, at) =>
    readTile(tile, `tiles[${at}]`),
  );
  tiles.forEach(({ id }, at) => {
    if (tiles.findIndex((each) => each.id === id) < at)
      throw impossibleQuery(`tiles[${at}].id`, `another tile has the id ${shown(id)} too.`);
  });
  return {
    description:
      given['description'] === undefined
        ? ''
        : readText(given['description'], 'description', MOST_DESCRIPTION),
    link: given['link'] === undefined ? '?v=1' : readLink(given['link'], 'link'),
    variables: readArray(given['variables'], 'variables', MOST_VARIABLES).map((variable, at) => {
      const path = `variables[${at}]`;
      const { field, label } = readObject(variable, path, ['field', 'label']);
      return {
        field: readField(field, `${path}.field`),
        label: label === undefined ? '' : readText(label, `${path}.label`, MOST_NAME),
      };
    }),
    tiles,
  };
}

/** The query string of a view of the explorer. Throws `bad_query`. */
export function readLink(value: unknown, path: string): string {
  const link = readText(value, path, MOST_LINK);
  if (!link.startsWith('?')) throw badQuery(path, 'must be the query string of a view, "?v=1&…".');
  return link;
}

function readTile(json: unknown, path: string): Tile {
  const any = readObject(json, path, [...placeKeys, ...new Set(Object.values(keysOf).flat())]);
  const kind = tileKinds.find((each) => each === any['kind']);
  if (kind === undefined) throw unknownName(`${path}.kind`, 'kind of tile', String(any['kind']), tileKinds);
  const given = readObject(json, path, [...placeKeys, ...keysOf[kind]]);
  return { ...readPlace(given, path), ...readSubject(given, kind, path) };
}

function readPlace(given: JsonObject, path: string): TilePlace {
  const id = readText(given['id'], `${path}.id`, MOST_LINK);
  if (!idForm.test(id))
    throw badQuery(
      `${path}.id`,
      'must be 1 to 64 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    );
  const x = readWhole(given['x'], `${path}.x`, 0, GRID_COLUMNS - 1);
  const w = readWhole(given['w'], `${path}.w`, 1, GRID_COLUMNS);
  const place = {
    id,
    title: given['title'] === undefined ? '' : readText(given['title'], `${path}.title`, MOST_NAME),
    x,
    y: readWhole(given['y'], `${path}.y`, 0, MOST_ROWS),
    w,
    h: readWhole(given['h'], `${path}.h`, 1, MOST_TILE_ROWS),
  };
  if (x + w > GRID_COLUMNS)
    throw impossibleQuery(
      `${path}.w`,
      `x and w are ${x + w} together: the grid has ${GRID_COLUMNS} columns.`,
    );
  return place;
}

function readSubject(given: JsonObject, kind: Tile['kind'], path: string): TileSubject {
  const limit = (): number =>
    given['limit'] === undefined ? 10 : readWhole(given['limit'], `${path}.limit`, 1, MOST_TILE_ITEMS);
  switch (kind) {
    case 'view':
    case 'figure':
      return { kind, link: readLink(given['link'], `${path}.link`) };
    case 'list':
      return {
        kind,
        link: readLink(given['link'], `${path}.link`),
        field: readField(given['field'], `${path}.field`),
        limit: limit(),
      };
    case 'text':
      return { kind, text: readText(given['text'], `${path}.text`, MOST_TILE_TEXT) };
    case 'findings':
      return {
        kind,
        kinds: readArray(given['kinds'], `${path}.kinds`, findingKinds.length).map((one, at) =>
          readKind(one, `${path}.kinds[${at}]`),
        ),
        limit: limit(),
      };
    case 'sources':
      return { kind };
  }
}

function readWhole(value: unknown, path: string, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw badQuery(path, `must be a whole number from ${least} to ${most}, not ${shown(value)}.`);
  return value;
}
