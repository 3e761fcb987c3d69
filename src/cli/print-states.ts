import pc from 'picocolors';
import { stateWords, type WithState } from '../model/knocks/finding-state.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import { safeText } from '../model/safe-text.ts';

/** Characters of a sentence that a list shows. */
const MOST_TEXT = 90;

/** A finding in a line or two, for lists: its id, its state, what it is, and the last note. */
export function stateLines(finding: KeptFinding): readonly string[] {
  const { id, kind, score, summary, state_info: info } = finding;
  const first = `${pc.bold(safeText(id))}  ${stateText(finding)}  ${pc.dim(`${score.toFixed(2)} ${kindWords[kind].name}`)}`;
  const reason = info.reason === null ? [] : [`  ${safeText(info.reason)}`];
  const note = info.note === null ? [] : [`  ${noteText(info.note)}`];
  return [first, `  ${cut(safeText(summary))}`, ...reason, ...note];
}

/** `muted until 2026-02-01 00:00 UTC`. */
export function stateText({ state, state_info: { until } }: WithState): string {
  const text = stateWords[state].toLowerCase();
  if (state === 'new') return pc.yellow(text);
  return state === 'muted' && until !== null ? `${text} until ${until.slice(0, 16).replace('T', ' ')} UTC` : text; // prettier-ignore
}

/** A note on one line, whatever it contains. */
export function noteText(note: string): string {
  return `Note: ${cut(safeText(note))}`;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_TEXT ? text : `${characters.slice(0, MOST_TEXT - 1).join('')}…`;
}
