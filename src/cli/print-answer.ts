import pc from 'picocolors';
import type { Answer } from '../model/query/answer.ts';
import { formatTable, type Rows } from './print-rows.ts';

/**
 * An answer to read: its rows, then what limits cut, what `having` hid and the subtotals, each as a table of its own if it
 * was asked for. What was cut without being asked about is said in a line. Ends in a newline.
 */
export function formatAnswer(answer: Answer): string {
  return formatTable(answer) + cutOf(answer) + hiddenOf(answer) + subtotalsOf(answer);
}

function cutOf(answer: Answer): string {
  const { truncated, other } = answer;
  if (!truncated) return '';
  if (other === null)
    return `${pc.yellow('!')} Limits left more out: "other": true in the query says how much.\n`;
  const rows = other.map(({ path, groups, values }) => [
    ...atSplits(answer, path, 'others'),
    groups,
    ...values,
  ]);
  return section('Left out by limits', {
    columns: [...splitsOf(answer), GROUPS, ...measuresOf(answer)],
    rows,
  });
}

function hiddenOf(answer: Answer): string {
  const { hidden } = answer;
  if (hidden === null) return '';
  const measures = measuresOf(answer);
  const flows = measures.some(({ name }) => name === FLOWS.name) ? [] : [FLOWS];
  const row = [hidden.groups, ...flows.map(() => hidden.flows), ...hidden.values];
  return section('Hidden by having', { columns: [GROUPS, ...flows, ...measures], rows: [row] });
}

function subtotalsOf(answer: Answer): string {
  const { subtotals } = answer;
  if (subtotals === null) return '';
  const rows = subtotals.map(({ path, values }) => [...atSplits(answer, path, 'all'), ...values]);
  return section('Subtotals', { columns: answer.columns, rows });
}

const GROUPS = { name: 'groups' };
const FLOWS = { name: 'flows' };

const splitsOf = ({ columns }: Answer): Rows['columns'] => columns.filter(({ kind }) => kind === 'split');
const measuresOf = ({ columns }: Answer): Rows['columns'] => columns.filter(({ kind }) => kind !== 'split');

/** The cells of the splits for what is below `path`: its values, then what of the next split, then nothing. */
function atSplits(answer: Answer, path: readonly unknown[], what: string): readonly unknown[] {
  return splitsOf(answer).map((_, index) =>
    index < path.length ? path[index] : index === path.length ? what : '',
  );
}

function section(title: string, rows: Rows): string {
  return `\n${pc.bold(title)}\n${formatTable(rows)}`;
}
