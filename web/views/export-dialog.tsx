import { type ReactNode, useEffect, useRef, useState } from 'react';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { MAX_LIMIT } from '../../src/model/query/limits.ts';
import { chartSvg, pngFile, svgFile } from '../charts/chart-svg.ts';
import { rowsIn, unroll } from '../charts/unroll.ts';
import { Problem } from '../data/request-problem.ts';
import { problemWords } from '../data/problem-words.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { type ExportFormat, downloadResult, saveFile } from '../data/download.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Segments } from '../parts/segments.tsx';
import './export-dialog.css';

type What = 'shown' | 'all' | 'flows' | 'image';

/** Takes the result elsewhere: as it is shown, without limits, its raw flows, or the chart. */
export function ExportDialog(props: { readonly query: Query; readonly onClose: () => void }): ReactNode {
  const { view, notify } = useExplorer();
  const [what, setWhat] = useState<What>('shown');
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [kind, setKind] = useState<'png' | 'svg'>('png');
  const [working, setWorking] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const aborting = useRef<AbortController | null>(null);
  useEffect(() => () => aborting.current?.abort(), []);
  const limited = view.splits.some((split) => split.limit !== null);

  const run = async (): Promise<void> => {
    setWorking(true);
    setFault(null);
    const controller = new AbortController();
    aborting.current = controller;
    try {
      if (what === 'image') {
        await saveChart(kind);
        notify('Image saved to your downloads');
      } else {
        const query = what === 'all' ? unlimited(props.query) : props.query;
        const json = formatQuery({ ...query, other: false, subtotals: false });
        const { content, cut } = await downloadResult(
          json,
          format,
          what === 'flows' ? 'flows' : 'answer',
          controller.signal,
        );
        saveFile(content, `peephole-${what === 'flows' ? 'flows' : 'result'}.${format}`);
        notify(
          `${counted(Math.ceil(content.size / 1000), 'kB', 'kB')} ${what === 'all' && cut ? 'saved; cut at the row limit' : 'saved'}`,
        );
      }
      props.onClose();
    } catch (error) {
      if (!controller.signal.aborted) setFault(faultOf(error));
    }
    setWorking(false);
  };

  return (
    <Dialog title="Export" onClose={props.onClose}>
      <form
        className="export"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Segments
          label="What"
          value={what}
          onChange={setWhat}
          segments={[
            { value: 'shown', label: limited ? 'Result with limits' : 'Result' },
            ...(limited ? [{ value: 'all' as const, label: 'Result without limits' }] : []),
            { value: 'flows', label: 'Raw flows' },
            { value: 'image', label: 'Image' },
          ]}
        />
        {what === 'image' ? (
          <Segments
            label="Format"
            value={kind}
            onChange={setKind}
            segments={[
              { value: 'png', label: 'PNG' },
              { value: 'svg', label: 'SVG' },
            ]}
          />
        ) : (
          <Segments
            label="Format"
            value={format}
            onChange={setFormat}
            segments={[
              { value: 'csv', label: 'CSV' },
              { value: 'tsv', label: 'TSV' },
              { value: 'json', label: 'JSON' },
              { value: 'parquet', label: 'Parquet' },
            ]}
          />
        )}
        <p className={fault === null ? 'hint' : 'hint hint-bad'} role={fault === null ? undefined : 'alert'}>
          {fault ?? (what === 'image' ? imageNote() : notes[what])}
          {fault === null &&
            (format === 'csv' || format === 'tsv') &&
            what !== 'image' &&
            ' Texts that a spreadsheet would run as a formula start with an apostrophe; control characters are written as \\x1b.'}
        </p>
        <div className="panel-actions">
          <button type="submit" className="button button-main" disabled={working}>
            {working ? 'Saving…' : 'Save'}
          </button>
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What of the server failed, in our words; what of the chart failed says it itself. */
function faultOf(error: unknown): string {
  if (error instanceof Problem) return problemWords(error);
  return error instanceof Error ? error.message : 'It could not be saved.';
}

const notes: Readonly<Record<Exclude<What, 'image'>, string>> = {
  shown: 'All rows of the result, with the limits of the splits.',
  all: 'All rows, without the limits of the splits.',
  flows: 'All records in this time range that match the filters, with all fields.',
};

function unlimited(query: Query): Query {
  return {
    ...query,
    splits: query.splits.map((split) => ({ ...split, limit: split.limit === null ? null : MAX_LIMIT })),
  };
}

/** What a chart of what is on show holds. */
function imageNote(): string {
  const part = document.querySelector('main .chart-body');
  const rows = part === null ? null : rowsIn(part);
  if (part === null) return 'The visible part, with a caption.';
  if (rows === null || rows.drawn === rows.all) return 'The whole chart, with a caption.';
  return `The first ${formatCount(rows.drawn)} of ${formatCount(rows.all)} rows, with a caption. Export the result for all rows.`;
}

async function saveChart(kind: 'png' | 'svg'): Promise<void> {
  const part = document.querySelector<HTMLElement>('main .chart-body') ?? document.querySelector('main');
  if (part === null) throw new Error('There is no chart yet.');
  const question = [...document.querySelectorAll<HTMLElement>('.bar .pill-main')].map((pill) =>
    pill.innerText.replace(/\s+/g, ' '),
  );
  const rows = rowsIn(part);
  const cut =
    rows === null || rows.drawn === rows.all
      ? []
      : [`first ${formatCount(rows.drawn)} of ${formatCount(rows.all)} rows`];
  const rollUp = part.matches('.chart-body') ? await unroll(part) : () => undefined;
  let svg: SVGSVGElement;
  try {
    svg = chartSvg(part, [...question, ...cut].join('  ·  '));
  } finally {
    rollUp();
  }
  saveFile(kind === 'svg' ? svgFile(svg) : await pngFile(svg), `peephole.${kind}`);
}
