import { counted } from '../model/counted.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import type { Door, DoorConclusion, DoorSource } from '../model/visits/door.ts';
import { intervalText } from '../model/time/interval.ts';
import { requestText } from '../model/visits/visit-request.ts';
import { escapeHtml as h, sentenceHtml } from './escape-html.ts';
import { htmlPage, number, time } from './html-page.ts';

/** The most rows of each table; the rest are only counted. */
const MOST_ROWS = 200;

/** Visits to open ports as one self-contained HTML file without scripts, safe whatever strangers sent. */
export function doorReport(door: Door): string {
  const { range, totals, notes, conclusions } = door;
  const when = range === null ? 'no visits' : `${range.from.slice(0, 10)} to ${range.to.slice(0, 10)}`;
  const lead =
    range === null
      ? 'No visits.'
      : `${time(range.from)} to ${time(range.to)} UTC. ${counted(totals.visits, 'visit')} from ${counted(totals.sources, 'address', 'addresses')}.`;
  return htmlPage(
    `Who came, ${when}`,
    `<h1>Who came</h1>
<p class="lead">${lead}</p>
${notes.length === 0 ? '' : `<ul class="notes">\n${notes.map((note) => `<li>${h(note)}</li>`).join('\n')}\n</ul>`}
${conclusions.map(card).join('\n')}
${groupTable(door)}
${sourceTable(door)}
${visitTable(door)}
<footer>Made by Peephole from what a listener kept. Every text in the tables is a stranger's.</footer>`,
  );
}

function card({ finding, target, state, summary, evidence, missing, next_step }: DoorConclusion): string {
  const about = finding === null ? '' : ` ${h(kindWords[finding.kind].name)} <code>${h(finding.id)}</code>`;
  const proof = evidence.map(
    ({ text, visits, query }) =>
      `<li>${h(text)}${visits.length === 0 ? '' : ` <span class="small">${h(visits.join(' '))}</span>`}${query === null ? '' : `\n<pre>${h(JSON.stringify(query))}</pre>`}</li>`,
  );
  return `<article class="${state === 'solved' ? 'solved' : 'middle'}">
<header><span class="score">${state === 'solved' ? 'Solved' : 'Open'}</span> <h2>${h(target.address ?? '')} port ${target.port}</h2>${about}</header>
<p>${h(summary)}</p>
<ul>${proof.join('\n')}</ul>
${missing.length === 0 ? '' : `<p>Not known yet:</p>\n<ul>${missing.map((text) => `<li>${h(text)}</li>`).join('\n')}</ul>`}
<p class="next">${sentenceHtml(next_step)}</p>
</article>`;
}

function groupTable({ groups, left_out: left }: Door): string {
  const rows = groups.map((group) => [
    right(number(group.source_count)),
    right(number(group.visits)),
    right(`${group.port}/${group.protocol}`),
    cell(group.host),
    cell(requestText(group)),
    cell(group.agent),
  ]);
  const head = ['n:addresses', 'n:visits', 'n:port', 'host they mean', 'request', 'agent'];
  return table('What they request', head, rows, left.groups);
}

function sourceTable({ sources, left_out: left }: Door): string {
  const rows = sources.map((source) => [
    cell(source.address),
    right(number(source.visits)),
    right(source.interval_seconds === null ? '–' : intervalText(source.interval_seconds)),
    right(source.knocks === null ? '–' : number(source.knocks.attempts)),
    `<td>${source.knocks === null ? '–' : time(source.knocks.first_seen)}</td>`,
    cell(wantText(source)),
    cell([source.name, source.country, source.as_name].filter((text) => text !== null).join(' ')),
  ]);
  const head = ['source', 'n:visits', 'n:every', 'n:knocks before', 'since', 'wants', 'from'];
  return table('Who came', head, rows, left.sources);
}

function visitTable({ visits, left_out: left }: Door): string {
  const rows = visits.map((visit) => [
    cell(visit.at),
    cell(visit.source.address),
    right(`${visit.port}/${visit.protocol}`),
    cell(visit.kind),
    right(number(visit.bytes)),
    `<td><code>${h(visit.preview)}${visit.truncated ? '…' : ''}</code></td>`,
  ]);
  const head = ['at', 'source', 'n:port', 'kind', 'n:bytes', 'what was sent first'];
  return table('Visits, the latest first', head, rows, left.visits);
}

/** @param head names of columns, with `n:` before those of numbers */
function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, MOST_ROWS);
  const more = left + rows.length - shown.length;
  const names = head.map((name) =>
    name.startsWith('n:') ? `<th class="n">${h(name.slice(2))}</th>` : `<th>${h(name)}</th>`,
  );
  return `<h2>${h(title)}</h2>
<div class="wide"><table><thead><tr>${names.join('')}</tr></thead><tbody>
${shown.map((cells) => `<tr>${cells.join('')}</tr>`).join('\n')}
</tbody></table></div>${more === 0 ? '' : `<p class="small">… and ${number(more)} more</p>`}`;
}

function wantText({ want }: DoorSource): string {
  return [requestText(want), want.host].filter((text) => text !== '').join(' ');
}

function cell(text: string): string {
  return `<td>${text === '' ? '–' : h(text)}</td>`;
}

function right(text: string): string {
  return `<td class="n">${h(text)}</td>`;
}
