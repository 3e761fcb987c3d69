import { counted } from '../model/counted.ts';
import type { Finding, KnockSource, Knocks, FindingWithState } from '../model/knocks/knocks.ts';
import { escapeHtml as h, sentenceHtml } from './escape-html.ts';
import { hourChart } from './hour-chart.ts';
import { htmlPage, number, time } from './html-page.ts';
import { amountText, countedNoun, isInFull } from '../model/knocks/finding-words.ts';
import { stateWords } from '../model/knocks/finding-state.ts';
import { countStates, isSetAside } from '../model/knocks/set-aside.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import { intervalText } from '../model/time/interval.ts';

/** To keep mails readable, more sources are only counted. */
const MOST_SOURCES = 100;

/**
 * An investigation as one self-contained HTML file without scripts or external links, with a policy that forbids both,
 * safe whatever texts the logs and the inventory contain.
 * @param reported ids of the findings in earlier reports: the others come first; null: no earlier reports
 */
export function htmlReport(knocks: Knocks, reported: ReadonlySet<string> | null = null): string {
  const { range, range_investigated: investigated, totals, findings: all, notes, rest: unfound } = knocks;
  const findings = all.filter((finding) => !isSetAside(finding));
  const setAside = all.filter(isSetAside);
  const share = totals.rejected_share === null ? '' : ` (${(totals.rejected_share * 100).toFixed(1)} %)`;
  const when =
    range === null
      ? totals.flows === 0
        ? 'no flows'
        : 'no time'
      : `${time(range.from)} to ${time(range.to)}`;
  const main = findings.filter(isInFull);
  const rest = findings.filter((finding) => !isInFull(finding));
  return htmlPage(
    `Who is knocking, ${when}`,
    `<h1>Who is knocking</h1>
<p class="lead">${range === null ? '' : `${h(when)} UTC. `}${counted(totals.flows, 'flow')}, ${number(totals.rejected_flows)} of them rejected${h(share)}.</p>
${notes.length === 0 ? '' : `<ul class="notes">\n${notes.map((note) => `<li>${h(note)}</li>`).join('\n')}\n</ul>`}
${all.length === 0 ? (investigated === null && (range !== null || totals.flows > 0) ? '' : '<p>No findings.</p>') : cards(main, reported)}
${rest.length === 0 ? '' : `<h2>Also seen</h2>\n<ul class="rest">\n${newFirst(rest, reported).map(line).join('\n')}\n</ul>`}
${setAsideList(setAside)}
${restTable(unfound)}
<footer>Made by Peephole from VPC flow logs. Names of ports are those registered with IANA, which traffic need not keep to. Countries and network operators: iptoasn.com; IP Geolocation by DB-IP (db-ip.com); routeviews.org.</footer>`,
  );
}

/** What is new before what was reported earlier, each under its own heading where there are both. */
function cards(findings: readonly FindingWithState[], reported: ReadonlySet<string> | null): string {
  if (reported === null) return findings.map(card).join('\n');
  const fresh = findings.filter(({ id }) => !reported.has(id));
  const known = findings.filter(({ id }) => reported.has(id));
  const part = (title: string, list: readonly FindingWithState[]): string =>
    list.length === 0 ? '' : `<h2>${title}: ${list.length}</h2>\n${list.map(card).join('\n')}`;
  return [
    fresh.length === 0 && known.length > 0 ? '<p>Nothing new.</p>' : part('New', fresh),
    part('Reported before', known),
  ].join('\n');
}

function newFirst(
  findings: readonly FindingWithState[],
  reported: ReadonlySet<string> | null,
): readonly FindingWithState[] {
  if (reported === null) return findings;
  return findings.toSorted((a, b) => Number(reported.has(a.id)) - Number(reported.has(b.id)));
}

/** Rejected flows that no finding accounts for. */
function restTable(rest: Knocks['rest']): string {
  if (rest.length === 0) return '';
  const rows = rest.map(
    ({ what, flows, sources }) =>
      `<tr><td class="n">${number(flows)}</td><td>${h(what)}</td><td class="n">${sources === 0 ? '' : number(sources)}</td></tr>`,
  );
  return `<h2>Other rejected flows</h2>\n<table><thead><tr><th class="n">flows</th><th>what they are</th><th class="n">sources</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Findings with a decision of a user. */
function setAsideList(findings: readonly FindingWithState[]): string {
  if (findings.length === 0) return '';
  return `<h2>Set aside: ${h(countStates(findings))}</h2>\n<ul class="rest">\n${findings.map(line).join('\n')}\n</ul>`;
}

/** The state of a finding: its id, its state, why it is new, and the last note. */
function stateLine({ id, state, state_info: info }: FindingWithState): string {
  const until = state === 'muted' && info.until !== null ? ` until ${time(info.until)} UTC` : '';
  const reason = info.reason === null ? '' : ` ${h(info.reason)}`;
  const note = info.note === null ? '' : ` Note: ${sentenceHtml(info.note)}`;
  return `<span class="small"><b>${h(stateWords[state])}</b>${until}.${reason}${note} <code>${h(id)}</code></span>`;
}

function card(finding: FindingWithState): string {
  const queries = finding.evidence.filter(({ query }) => query !== null);
  const facts = finding.evidence.filter(({ query }) => query === null);
  return `<article class="${level(finding.score)}">
<header><span class="score" title="0 to 1">${finding.score.toFixed(2)}</span> <h2>${h(kindWords[finding.kind].name)}</h2></header>
${stateLine(finding)}
<p>${h(finding.summary)}</p>
${hourChart(finding)}
<p class="small">${amounts(finding)}${counted(finding.attempts, countedNoun(finding))}, ${time(finding.first_seen)} to ${time(finding.last_seen)}; ${counted(finding.coverage.hours, 'hour')}, ${number(finding.coverage.unknown_hours)} of them unknown.</p>
${sourceTable(finding)}
${facts.map(({ text }) => `<p>${sentenceHtml(text)}</p>`).join('\n')}
<p class="next">${sentenceHtml(finding.next_step)}</p>
<details><summary>Why this score, and the queries that show it</summary>
<table><thead><tr><th>part</th><th class="n">value</th><th class="n">weight</th><th></th></tr></thead><tbody>
${finding.score_parts.map((part) => `<tr><td>${h(part.name)}</td><td class="n">${part.value.toFixed(2)}</td><td class="n">${part.weight}</td><td>${h(part.text)}</td></tr>`).join('\n')}
</tbody></table>
${queries.map(({ text, query }) => `<p>${h(text)}</p>\n<pre>${h(JSON.stringify(query))}</pre>`).join('\n')}
</details>
</article>`;
}

function amounts({ amounts: all }: Finding): string {
  return all.map((amount) => `<b>${h(amountText(amount))}</b> ${h(amount.text)}; `).join('');
}

function sourceTable(finding: Finding): string {
  const { sources: all, source_count: count } = finding;
  const sources = all.slice(0, MOST_SOURCES);
  const rows = sources.map((source) => `<tr>${cells(source)}</tr>`);
  const more =
    count > sources.length
      ? `<p class="small">… and ${counted(count - sources.length, 'more source')}</p>`
      : '';
  return `<div class="wide"><table><thead><tr><th>source</th><th class="n">${countedNoun(finding)}s</th><th class="n">per hour</th><th class="n">every</th><th>first seen</th><th>last seen</th><th>from</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>${more}`;
}

function cells(source: KnockSource): string {
  const rate = source.per_hour;
  const from = [source.name, source.country, source.asn === null ? null : `AS${source.asn}`, source.as_name];
  return [
    `<td>${h(source.address)}</td>`,
    `<td class="n">${number(source.attempts)}</td>`,
    `<td class="n">${rate === null ? '–' : rate.min === rate.max ? rate.min : `${rate.min}–${rate.max}`}</td>`,
    `<td class="n">${source.interval_seconds === null ? '–' : intervalText(source.interval_seconds)}</td>`,
    `<td class="time">${time(source.first_seen)}</td>`,
    `<td class="time">${time(source.last_seen)}</td>`,
    `<td>${h(from.filter((text) => text !== null).join(' '))}</td>`,
  ].join('');
}

function line(finding: FindingWithState): string {
  return `<li><span class="score">${finding.score.toFixed(2)}</span> <b>${h(kindWords[finding.kind].name)}.</b> ${h(finding.summary)} ${stateLine(finding)}</li>`;
}

function level(score: number): string {
  if (score >= 0.6) return 'high';
  return score >= 0.35 ? 'middle' : 'low';
}
