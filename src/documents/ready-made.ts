import { parseDocument } from '../model/document/parse-document.ts';
import type { OriginalDocument, Originals } from '../model/document/document.ts';
import { LOOKUPS_OF_PAGE } from '../model/document/lookup.ts';
import { readyMadeLookups } from '../model/document/ready-made-lookups.ts';
import { readyMadeDashboards } from '../model/dashboard/ready-made-dashboards.ts';

/** Documents that every store has from the start. */
export const readyMade: Originals = {
  views: new Map(),
  alerts: new Map(),
  measures: new Map(),
  lookups: new Map([[LOOKUPS_OF_PAGE, { id: LOOKUPS_OF_PAGE, file: null, content: readyMadeLookups }]]),
  dashboards: new Map(
    Object.entries(readyMadeDashboards).map(([id, json]): [string, OriginalDocument<'dashboards'>] => [
      id,
      { id, file: null, content: parseDocument('dashboards', json) },
    ]),
  ),
};
