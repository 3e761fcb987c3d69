import type { Query, Split } from '../../src/model/query/query.ts';
import { defaultSort } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';

/** The view for a query; what the query leaves out is as in `base`. */
export function viewOfQuery(query: Query, base: View): View {
  const usual = (field: string): Split['sort'] => defaultSort(field, { ...base, measures: query.measures });
  return {
    ...base,
    time: query.time ?? { kind: 'all' },
    filters: query.filter,
    having: query.having,
    splits: query.splits.map(({ field, bucket, limit, sort }) => ({
      field,
      bucket,
      limit,
      // Leave the default order out of the link.
      sort: sort.by === usual(field).by && sort.order === usual(field).order ? null : sort,
    })),
    measures: query.measures,
    compare: query.compare,
    visualization: null,
    percent: null,
    recordsOrder: null,
    lines: null,
  };
}
