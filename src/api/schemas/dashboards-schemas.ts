import { Type, type TSchema } from 'typebox';
import {
  GRID_COLUMNS,
  MOST_DESCRIPTION,
  MOST_ROWS,
  MOST_TILES,
  MOST_TILE_ITEMS,
  MOST_TILE_ROWS,
  MOST_TILE_TEXT,
  MOST_VARIABLES,
} from '../../model/dashboard/dashboard.ts';
import { MOST_LINK, MOST_NAME, documentIdForm } from '../../model/document/document.ts';
import { findingKinds } from '../../model/knocks/finding-kinds.ts';
import { fieldsThat, named } from './named-schemas.ts';

const field = fieldsThat(({ type }) => type !== 'time');
const link = Type.String({
  maxLength: MOST_LINK,
  pattern: '^[?]',
  description: 'The query string of the explorer’s address',
});
const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: MOST_TILE_ITEMS, description: '10 by default' }),
);

function tile(kind: string, subject: Readonly<Record<string, TSchema>>, description: string): TSchema {
  return Type.Object(
    {
      id: Type.String({ pattern: documentIdForm, description: 'No other tile has it' }),
      title: Type.Optional(Type.String({ maxLength: MOST_NAME, description: 'Well-formed Unicode' })),
      x: Type.Integer({ minimum: 0, maximum: GRID_COLUMNS - 1 }),
      y: Type.Integer({ minimum: 0, maximum: MOST_ROWS }),
      w: Type.Integer({ minimum: 1, maximum: GRID_COLUMNS, description: `x + w: at most ${GRID_COLUMNS}` }),
      h: Type.Integer({ minimum: 1, maximum: MOST_TILE_ROWS }),
      kind: Type.Literal(kind),
      ...subject,
    },
    { additionalProperties: false, description },
  );
}

/** Says exactly what `parseDashboard` takes, but that tiles stay within the grid and have ids of their own. */
export const dashboardContentSchema = named(
  'DashboardContent',
  Type.Object(
    {
      name: Type.String({ maxLength: MOST_NAME, pattern: '\\S', description: 'Well-formed Unicode' }),
      description: Type.Optional(
        Type.String({ maxLength: MOST_DESCRIPTION, description: 'Well-formed Unicode' }),
      ),
      link: Type.Optional({
        ...link,
        description:
          'Time, time zone, comparison and filters that it opens with, as a link of the explorer says them',
      }),
      variables: Type.Optional(
        Type.Array(
          Type.Object(
            {
              field,
              label: Type.Optional(
                Type.String({
                  maxLength: MOST_NAME,
                  description: 'None: as its dimension; well-formed Unicode',
                }),
              ),
            },
            { additionalProperties: false },
          ),
          {
            maxItems: MOST_VARIABLES,
            description: 'Dimensions whose values are chosen in drop-downs',
          },
        ),
      ),
      tiles: Type.Optional(
        Type.Array(
          Type.Union([
            tile('view', { link }, 'A view of the explorer'),
            tile('figure', { link }, 'The first measure of a view, its change and how it went over time'),
            tile(
              'list',
              { link, field, limit },
              'The top values of a dimension by the first measure of a view',
            ),
            tile(
              'text',
              { text: Type.String({ maxLength: MOST_TILE_TEXT, description: 'Markdown, without HTML' }) },
              'A text',
            ),
            tile(
              'findings',
              {
                kinds: Type.Optional(
                  Type.Array(Type.Enum([...findingKinds]), {
                    maxItems: findingKinds.length,
                    description: 'None: all',
                  }),
                ),
                limit,
              },
              'Findings of the investigation',
            ),
            tile('sources', {}, 'How following the sources goes'),
          ]),
          { maxItems: MOST_TILES },
        ),
      ),
    },
    { additionalProperties: false },
  ),
);
