import type { ReactNode } from 'react';
import { copyText } from '../parts/clipboard.ts';
import { EMBED, usePath } from '../data/location.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { counted } from '../../src/view/format/numbers.ts';
import { formatLength } from '../../src/view/format/times.ts';
import { marksHours, splitsLeftOut } from '../../src/view/chart-layout/chart-query.ts';
import { earlier } from '../../src/view/chart-layout/periods.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { lengthWithin } from '../../src/view/time/coverage.ts';
import { tableNames } from './table-names.ts';
import './footer.css';

/** What the footer says of a chart: rows, time and source. */
export interface Made {
  /** `16 rows, complete`; null: there are only totals. */
  readonly rows: string | null;
  /** Whether something was cut. */
  readonly cut: boolean;
  readonly ms: number;
  readonly source: string;
}

export function Footer(props: { readonly made: Made | null; readonly link: string }): ReactNode {
  const { schema, view, range, notify, showQuery, openDialog } = useExplorer();
  const path = usePath();
  const dark = lengthWithin(schema.coverage.gaps, range);
  const lossy = lengthWithin(schema.coverage.lossy, range);
  const shift = shiftOf(view);
  const other = shift === null ? null : earlier(range, shift, view.timezone);
  const darkBefore = other === null ? 0 : lengthWithin(schema.coverage.gaps, other);
  const span = other === null ? 0 : other.to - other.from;
  const { made } = props;
  const marked = marksHours(view);
  const leftOut = splitsLeftOut(view).map((field) => schema.dimension(field).label);
  return (
    <footer className="foot">
      {made !== null && (
        <>
          {made.rows !== null && (
            <span className={made.cut ? 'foot-cut' : undefined} title={made.rows}>
              {made.rows}
            </span>
          )}
          <span>
            answered in {made.ms < 1 ? '<1' : counted(Math.round(made.ms), '', '').trim()} ms from{' '}
            {tableNames.get(made.source) ?? made.source} in {schema.engine}
          </span>
        </>
      )}
      {leftOut.length > 0 && (
        <span title="This kind of chart has no place for it: a table shows each split">
          not split by {leftOut.join(', ')} here
        </span>
      )}
      {dark >= 60_000 && (
        <span>
          {formatLength(dark)} without logs{marked && ', shaded'}
        </span>
      )}
      {lossy >= 60_000 && (
        <span title="AWS marked records of these hours as lost (SKIPDATA): counts are lower bounds">
          {formatLength(lossy)} with lost records
          {marked && ', dotted'}
        </span>
      )}
      {schema.untimed > 0 && (
        <span title="Counted for all time; not shown in charts over time">
          {counted(schema.untimed, 'flow', 'flows')} without a time
        </span>
      )}
      {darkBefore >= 60_000 && (
        <span>{darkBefore >= span ? 'all' : formatLength(darkBefore)} of the other period without logs</span>
      )}
      <span className="grow" />
      <button type="button" className="link" onClick={() => showQuery(view)}>
        Show query
      </button>
      <button type="button" className="link" onClick={() => openDialog('export')}>
        Export
      </button>
      <button
        type="button"
        className="link"
        onClick={() => void copyText(props.link).then((done) => notify(done ? 'Link copied' : props.link))}
      >
        Copy link
      </button>
      {path !== EMBED && (
        <button
          type="button"
          className="link"
          title="Copy a link to this view alone, to embed it in another page"
          onClick={() => {
            const embed = new URL(EMBED + new URL(props.link).search, props.link).href;
            void copyText(embed).then((done) => notify(done ? 'Link to embed copied' : embed));
          }}
        >
          Embed
        </button>
      )}
    </footer>
  );
}
