import { Type, type TSchema } from 'typebox';
import { MOST_LINK, MOST_NAME, documentIdForm, type DocumentKind } from '../../model/document/document.ts';
import { MOST_LOOKUP_NAME, MOST_LOOKUPS, MOST_TEMPLATE, templateForm } from '../../model/document/lookup.ts';
import { alertContentSchema } from './alerts-schemas.ts';
import { dashboardContentSchema } from './dashboards-schemas.ts';
import { named, nullOr, ref, type NamedSchema, type SchemaName } from './named-schemas.ts';

/** What `parseDocument` takes for a kind. */
const contents: { readonly [Kind in DocumentKind]: NamedSchema } = {
  views: named(
    'ViewContent',
    Type.Object(
      {
        name: Type.String({ maxLength: MOST_NAME, pattern: '\\S', description: 'Well-formed Unicode' }),
        link: Type.String({
          maxLength: MOST_LINK,
          pattern: '^[?]',
          description: 'The query string of the explorer’s address',
        }),
      },
      { additionalProperties: false },
    ),
  ),
  alerts: alertContentSchema,
  dashboards: dashboardContentSchema,
  measures: named(
    'MeasureContent',
    Type.Object(
      {
        name: Type.String({ maxLength: MOST_NAME, pattern: '\\S', description: 'Well-formed Unicode' }),
        measure: ref('Measure'),
      },
      { additionalProperties: false },
    ),
  ),
  lookups: named(
    'LookupsContent',
    Type.Object(
      {
        name: Type.String({ maxLength: MOST_NAME, pattern: '\\S', description: 'Well-formed Unicode' }),
        links: Type.Array(
          Type.Object(
            {
              name: Type.String({
                maxLength: MOST_LOOKUP_NAME,
                pattern: '\\S',
                description: 'Well-formed Unicode',
              }),
              template: Type.String({
                maxLength: MOST_TEMPLATE,
                pattern: templateForm,
                description: 'A web address, with {address} where the address goes',
              }),
              outside: Type.Optional(
                Type.Boolean({ default: false, description: 'Offered for public addresses only' }),
              ),
            },
            { additionalProperties: false },
          ),
          { maxItems: MOST_LOOKUPS },
        ),
      },
      { additionalProperties: false },
    ),
  ),
};

export const documentSchemas: readonly NamedSchema[] = Object.values(contents);

/** What is put as a document of a kind. */
export function contentSchema(kind: DocumentKind): TSchema {
  return ref(contentNames[kind]);
}

const contentNames = {
  views: 'ViewContent',
  alerts: 'AlertContent',
  dashboards: 'DashboardContent',
  measures: 'MeasureContent',
  lookups: 'LookupsContent',
} as const satisfies Readonly<Record<DocumentKind, SchemaName>>;

export function documentSchema(kind: DocumentKind): TSchema {
  return Type.Object({
    id: Type.String(),
    version: Type.Integer({ minimum: 0, description: '0: an original that nobody changed yet' }),
    changed_at: nullOr(Type.String({ description: 'ISO 8601, UTC; null: it is the original' })),
    content: contentSchema(kind),
    original: nullOr(
      Type.Object({
        from: Type.Enum(['ready_made', 'file']),
        file: nullOr(Type.String({ description: 'The file in the folder that documents are read from' })),
        changed: Type.Boolean({ description: 'Whether the document says something else' }),
      }),
    ),
  });
}

export const documentVersionSchema = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  changed_at: Type.String({ description: 'ISO 8601, UTC' }),
  deleted: Type.Boolean({ description: 'This change deleted the document' }),
});

export const documentFolderSchema = Type.Object({
  folder: nullOr(Type.String({ description: 'Null: none is read' })),
  problems: Type.Array(
    Type.Object({
      file: Type.String(),
      message: Type.String(),
      kept: Type.Boolean({ description: 'The document stays as the file had it before' }),
    }),
  ),
});

export const documentIdSchema = Type.Object({
  id: Type.String({ pattern: documentIdForm, description: 'Chosen by whoever puts it' }),
});
