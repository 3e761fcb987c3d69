import { createContext, useContext } from 'react';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { pathOf } from '../data/use-view.ts';
import type { Schema } from '../data/use-schema.ts';
import { addFilter, only } from '../../src/view/filters.ts';
import { viewOfQuery } from '../state/from-query.ts';
import { type SplitChoice, type View, TIME } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';

/** Links from a number to the flows that it counts, as paths of the page. */
export interface Links {
  /** All flows of the range; with a value of `action`: only those. */
  readonly flows: (action?: string) => string;
  readonly query: (json: Readonly<Record<string, unknown>>) => string;
  /** The attempts of a finding or of one source; split by source, by hour or not at all; for its whole range or a part. */
  readonly attempts: (finding: Finding, part?: AttemptsPart) => string;
}

interface AttemptsPart {
  readonly source?: string;
  readonly by?: 'source' | 'hour' | 'source and hour';
  readonly within?: Span;
}

const bySource: SplitChoice = { field: 'srcaddr', bucket: null, limit: 50, sort: null };
const byHour: SplitChoice = {
  field: TIME,
  bucket: { kind: 'time', duration: 'PT1H' },
  limit: null,
  sort: null,
};
const cuts = { source: [bySource], hour: [byHour], 'source and hour': [bySource, byHour] };

/** The links of a page with the time, time zone and defaults of `base`. */
export function linksOf(schema: Schema, base: View): Links {
  // A finding's query may name hundreds of sources, and a table of them has thousands of links: parse it once.
  const read = new WeakMap<object, View>();
  const spec = (json: Readonly<Record<string, unknown>>): View => {
    const view = read.get(json) ?? viewOfQuery(parseQuery(json), base);
    read.set(json, view);
    return view;
  };
  return {
    flows: (action) =>
      pathOf(
        action === undefined
          ? base
          : addFilter(base, { kind: 'in', field: 'action', values: [action], not: false }),
        schema,
      ),
    query: (json) => pathOf(spec(json), schema),
    attempts: (finding, { source, by, within } = {}) => {
      const all = spec(finding.query);
      const some =
        source === undefined ? all : only(all, [{ field: 'srcaddr', bucket: null, value: source }]);
      const time = within === undefined ? some.time : { kind: 'absolute' as const, ...within };
      return pathOf({ ...some, time, splits: by === undefined ? [] : cuts[by] }, schema);
    },
  };
}

const context = createContext<Links | null>(null);

export const LinksProvider = context.Provider;

export function useLinks(): Links {
  const links = useContext(context);
  if (links === null) throw new Error('This part works only on the knocks page.');
  return links;
}
