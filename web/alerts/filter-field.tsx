import { type ReactNode, useMemo, useState } from 'react';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { Clause } from '../../src/model/query/query.ts';
import { type Explorer, ExplorerProvider, type OpenMenu, type Pending } from '../data/explorer-context.ts';
import type { Schema } from '../data/use-schema.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { TIME, type View } from '../../src/view/view.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { writeUrl } from '../../src/view/url.ts';
import { FilterRow } from '../views/filter-row.tsx';
import { Field } from './alert-fields.tsx';

/** The filter of an alert: pills as in the explorer, or the JSON of a query's `filter`. */
export function FilterField(props: {
  readonly filter: string;
  readonly schema: Schema;
  readonly onChange: (filter: string) => void;
  /** Reports why a filter is not valid. */
  readonly onProblem: (problem: string) => void;
}): ReactNode {
  const { filter, schema, onChange, onProblem } = props;
  const clauses = useMemo(() => clausesIn(filter), [filter]);
  const [asJson, setAsJson] = useState(clauses === null);
  return (
    <Field label="Filter">
      {asJson || clauses === null ? (
        <textarea
          className="input alert-filter"
          rows={2}
          spellCheck={false}
          aria-label="Filter"
          value={filter}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Pills
          clauses={clauses}
          schema={schema}
          onProblem={onProblem}
          onChange={(view) => {
            const { filter: json = [] } = formatQuery(queryOf(view, { from: 0, to: 1 }));
            onChange(JSON.stringify(json));
          }}
        />
      )}
      <button
        type="button"
        className="link alert-as"
        disabled={clauses === null}
        title="The filter of a query (docs/query.md)"
        onClick={() => setAsJson(!asJson)}
      >
        {asJson ? 'As pills' : 'As JSON'}
      </button>
    </Field>
  );
}

function Pills(props: {
  readonly clauses: readonly Clause[];
  readonly schema: Schema;
  readonly onChange: (view: View) => void;
  readonly onProblem: (problem: string) => void;
}): ReactNode {
  const { clauses, schema, onChange, onProblem } = props;
  const [pending, setPending] = useState<Pending | null>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const explorer = useMemo<Explorer>(() => {
    // Split by time, so that it differs from the explorer's default view, which has a hint of its own.
    const splits = [{ field: TIME, bucket: null, limit: null, sort: null }];
    const view = { ...openingView(schema), filters: clauses, splits };
    const nothing = (): void => undefined;
    return {
      schema,
      view,
      range: rangeOf(view.time, schema.span),
      askable: true,
      go: (next) => {
        if (next.having.length > 0)
          onProblem('An alert filters flows; the amount that it fires at is the number above.');
        else onChange(next);
      },
      act: nothing,
      openFilter: (field) => setPending({ kind: 'field', field, leaves: view }),
      pending,
      setPending,
      menu,
      setMenu,
      showQuery: nothing,
      explain: nothing,
      zoom: nothing,
      openDialog: nothing,
      link: writeUrl(view, schema.vocabulary),
      open: nothing,
      notify: onProblem,
    };
  }, [clauses, schema, pending, menu, onChange, onProblem]);
  return (
    <ExplorerProvider value={explorer}>
      <FilterRow />
    </ExplorerProvider>
  );
}

/** The clauses in a JSON text; null: it is not a filter. */
function clausesIn(json: string): readonly Clause[] | null {
  try {
    return parseQuery({ filter: json.trim() === '' ? [] : JSON.parse(json) }).filter;
  } catch {
    return null;
  }
}
