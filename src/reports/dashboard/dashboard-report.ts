import MarkdownIt from 'markdown-it';
import { formatRange, zoneName } from '../../view/format/times.ts';
import { dashboardView, tileView } from '../../view/dashboard-view.ts';
import { filterFindings, unappliedWords } from '../../view/filter-findings.ts';
import { openingView } from '../../view/opening-view.ts';
import { type Schema, schemaOf } from '../../view/schema.ts';
import { lackingFields } from '../../view/tile-fields.ts';
import { writeClause } from '../../view/url-clause.ts';
import { type View, withTime, withTimezone } from '../../view/view.ts';
import { rangeOf } from '../../view/view-range.ts';
import type { DashboardContent, Tile } from '../../model/dashboard/dashboard.ts';
import type { StoredDocument } from '../../model/document/document.ts';
import { kindWords } from '../../model/knocks/finding-kinds.ts';
import type { Knocks, FindingWithState } from '../../model/knocks/knocks.ts';
import { isSetAside } from '../../model/knocks/set-aside.ts';
import type { Answer } from '../../model/query/answer.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { SourceStatus } from '../../model/source-status.ts';
import type { StoreSchema } from '../../model/store-schema.ts';
import { escapeHtml as h } from '../../report/escape-html.ts';
import { htmlPage } from '../../report/html-page.ts';
import { type AskedView, askTile } from './ask-tile.ts';
import { dashboardStyle } from './dashboard-style.ts';
import { drawOverTime } from './draw-lines.ts';
import { drawFigures, drawHeat, drawList, drawTable } from './draw-rows.ts';
import { drawSankey } from './draw-sankey.ts';
import type { Drawing } from './drawing.ts';

/** What the report of a dashboard needs. */
export interface DashboardSource {
  query(query: unknown): Promise<Answer>;
  knocks(time: Readonly<Record<string, string>> | null): Promise<Knocks>;
  schema(): Promise<StoreSchema>;
  names(): Promise<{ readonly names: readonly (readonly [address: string, name: string])[] }>;
  sources(): Promise<readonly SourceStatus[]>;
  documents(kind: 'measures' | 'dashboards'): Promise<readonly StoredDocument[]>;
}

/** A time in milliseconds since 1970 UTC, and the time zone that it is shown in. */
interface ReportTime {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

/** A dashboard as a file, with its summary. */
export interface DashboardReport {
  readonly html: string;
  readonly range: string;
  readonly tiles: number;
  readonly failed: number;
  /** The ids of its findings; empty: none. */
  readonly findings: readonly FindingWithState[];
  /** Of them. */
  readonly fresh: readonly FindingWithState[];
}

/** Renders the Markdown of text tiles without external links or images. */
const markdown = new MarkdownIt({ html: false, breaks: true }).disable(['image', 'link', 'autolink']);
const fullWidth = 12;

/**
 * A dashboard as one self-contained HTML file without scripts: every tile drawn, new findings first. A tile whose
 * queries fail shows the reason.
 * @param time its range; null: as the dashboard opens
 * @param earlier ids of the findings in earlier reports; null: those of the state `new` are new
 */
export async function dashboardReport(
  dashboard: DashboardContent,
  time: ReportTime | null,
  earlier: ReadonlySet<string> | null,
  source: DashboardSource,
): Promise<DashboardReport> {
  const [json, measures, { names }] = await Promise.all([
    source.schema(),
    source.documents('measures') as Promise<readonly StoredDocument<'measures'>[]>,
    source.names(),
  ]);
  const schema = schemaOf(json, measures);
  const base = openingView(schema);
  const opened = dashboardView(dashboard.link, '', base, schema.vocabulary);
  const view =
    time === null
      ? opened
      : withTimezone(withTime(opened, { kind: 'absolute', from: time.from, to: time.to }), time.timezone);
  const drawing = { schema, names: new Map(names), timezone: view.timezone };
  const span = rangeOf(view.time, schema.span);
  const finders = dashboard.tiles.filter((tile) => tile.kind === 'findings');
  // Not every database supports the investigation: then its tiles say so, and the others are drawn.
  const [asked = null] =
    finders.length === 0
      ? []
      : await Promise.allSettled([
          source.knocks({ from: formatInstant(span.from), to: formatInstant(span.to) }),
        ]);
  const knocks = asked?.status === 'fulfilled' ? asked.value : null;
  const known =
    earlier ?? new Set(knocks?.findings.flatMap(({ id, state }) => (state === 'new' ? [] : [id])) ?? []);
  const filtered = filterFindings(knocks?.findings ?? [], view.filters);
  const findings = filtered.filter(
    (finding) =>
      !isSetAside(finding) && finders.some(({ kinds }) => kinds.length === 0 || kinds.includes(finding.kind)),
  );
  const context = { view, base, drawing, knocks: asked, findings: filtered, known, source };
  const tiles: { readonly html: string; readonly failed: boolean }[] = [];
  // One after another, so that users of the page have priority.
  for (const tile of dashboard.tiles.toSorted((a, b) => a.y - b.y || a.x - b.x))
    tiles.push(await tileHtml(tile, context));
  const range =
    schema.span === null ? 'no flows' : `${formatRange(span, view.timezone)} ${zoneName(view.timezone)}`;
  return {
    html: htmlPage(
      `${dashboard.name}, ${range}`,
      `<h1>${h(dashboard.name)}</h1>
<p class="lead">${h(range)}. ${h(dashboard.description)}</p>
${filtersLine(view, schema)}
${knocks === null ? '' : newFindings(findings, [...notesOn(view, schema), ...knocks.notes], known)}
<div class="tiles">
${tiles.map(({ html }) => html).join('\n')}
</div>
<footer>Made by Peephole from VPC flow logs. Shaded times have no logs.</footer>`,
      dashboardStyle,
    ),
    range,
    tiles: tiles.length,
    failed: tiles.filter(({ failed }) => failed).length,
    findings,
    fresh: findings.filter(({ id }) => !known.has(id)),
  };
}

/** Filters that don't apply to findings. */
function notesOn({ filters }: View, schema: Schema): readonly string[] {
  const unapplied = unappliedWords(filters, schema);
  return unapplied === null ? [] : [unapplied];
}

interface Context {
  readonly view: View;
  readonly base: View;
  readonly drawing: Drawing;
  /** Rejected: the reason why there are none. */
  readonly knocks: PromiseSettledResult<Knocks> | null;
  /** Those that match the filters of the dashboard. */
  readonly findings: readonly FindingWithState[];
  /** Ids of those that are not new. */
  readonly known: ReadonlySet<string>;
  readonly source: DashboardSource;
}

async function tileHtml(
  tile: Tile,
  context: Context,
): Promise<{ readonly html: string; readonly failed: boolean }> {
  const title = tile.title === '' ? '' : `<h2>${h(tile.title)}</h2>`;
  const column = Math.min(tile.x, fullWidth - 1) + 1;
  const place = `grid-column:${column}/span ${tile.w};grid-row:${tile.y + 1}/span ${tile.h}`;
  const wrap = (body: string): string =>
    `<section class="tile" style="${place}">${title}\n${body}\n</section>`;
  try {
    return { html: wrap(await bodyOf(tile, context)), failed: false };
  } catch (error) {
    return { html: wrap(`<p class="wrong">${h((error as Error).message)}</p>`), failed: true };
  }
}

async function bodyOf(
  tile: Tile,
  { view, base, drawing, knocks, findings, known, source }: Context,
): Promise<string> {
  switch (tile.kind) {
    case 'text':
      return `<div class="text">${markdown.render(tile.text)}</div>`;
    case 'sources':
      return sourcesTable(await source.sources());
    case 'findings':
      if (knocks?.status === 'rejected') throw knocks.reason;
      return findingsList(tile, findings, known);
    case 'view':
    case 'figure':
    case 'list': {
      const shown = tileView(tile.link, view, base, drawing.schema.vocabulary).view;
      const lacking = lackingFields(tile, shown, drawing.schema);
      if (lacking !== null) return `<p class="dim">${h(lacking)}</p>`;
      const asked = await askTile(tile, shown, drawing.schema, (query) => source.query(query));
      return drawView(tile, asked, drawing);
    }
  }
}

function drawView(tile: Tile, asked: AskedView, drawing: Drawing): string {
  switch (asked.kind) {
    case 'list':
      return drawList(asked, drawing);
    case 'sankey':
      return drawSankey(asked, drawing);
    case 'records':
      return '<p class="dim">Flows one by one are on the page only.</p>';
    case 'chart':
      if (tile.kind === 'figure') return drawFigures(asked, drawing);
      switch (asked.spec.visualization) {
        case 'totals':
          return drawFigures(asked, drawing);
        case 'lines':
        case 'area':
          return drawOverTime(asked, drawing, Math.max(80, tile.h * 44 - 130));
        case 'heat':
          return drawHeat(asked, drawing);
        case 'table':
        case 'bars':
        case 'sankey':
        case 'records':
          return drawTable(asked, drawing);
      }
  }
}

/** The filters of the dashboard, in the syntax of links. */
function filtersLine({ filters }: View, { vocabulary }: Schema): string {
  if (filters.length === 0) return '';
  const texts = filters.map((clause) => writeClause(clause, vocabulary(clause.field) ?? 'other'));
  return `<p class="small">Only: ${texts.map((text) => `<code>${h(text)}</code>`).join(' ')}</p>`;
}

function newFindings(
  findings: readonly FindingWithState[],
  notes: readonly string[],
  known: ReadonlySet<string>,
): string {
  const fresh = findings.filter(({ id }) => !known.has(id));
  const list = fresh.map(
    ({ kind, score, summary }) =>
      `<li><span class="score">${score.toFixed(2)}</span> <b>${h(kindWords[kind].name)}.</b> ${h(summary)}</li>`,
  );
  return `<section class="new"><h2>New findings: ${fresh.length}</h2>
${list.length === 0 ? '' : `<ul class="rest">${list.join('\n')}</ul>`}
${notes.length === 0 ? '' : `<ul class="notes">${notes.map((note) => `<li>${h(note)}</li>`).join('')}</ul>`}</section>`;
}

function findingsList(
  { kinds, limit }: Extract<Tile, { readonly kind: 'findings' }>,
  all: readonly FindingWithState[],
  known: ReadonlySet<string>,
): string {
  const findings = all
    .filter((finding) => !isSetAside(finding) && (kinds.length === 0 || kinds.includes(finding.kind)))
    .toSorted((a, b) => Number(known.has(a.id)) - Number(known.has(b.id)));
  if (findings.length === 0) return '<p class="dim">No findings in this time.</p>';
  const items = findings
    .slice(0, limit)
    .map(
      ({ id, kind, score, summary }) =>
        `<li>${known.has(id) ? '' : '<b class="fresh">New</b> '}<span class="score">${score.toFixed(2)}</span> <b>${h(kindWords[kind].name)}.</b> ${h(summary)}</li>`,
    );
  const left = findings.length - items.length;
  return `<ul class="rest">${items.join('\n')}</ul>${left > 0 ? `<p class="small">… and ${left} more</p>` : ''}`;
}

function sourcesTable(sources: readonly SourceStatus[]): string {
  if (sources.length === 0) return '<p class="dim">No source is followed: logs were read once.</p>';
  const rows = sources.map(
    ({ id, state, paused, last_success: last, last_error: error }) =>
      `<tr><td class="mono">${h(id)}</td><td>${paused ? 'paused' : h(state)}</td><td>${last === null ? '–' : h(last)}</td><td>${error === null ? '' : h(error.message)}</td></tr>`,
  );
  return `<div class="wide"><table><thead><tr><th>Source</th><th>State</th><th>Last records (UTC)</th><th>Last error</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
