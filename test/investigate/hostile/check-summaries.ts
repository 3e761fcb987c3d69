import type { Finding } from '../../../src/model/knocks/knocks.ts';
import { figuresIn, type Figure } from './figures-in-words.ts';
import type { Investigated } from './investigate-world.ts';

type Query = Readonly<Record<string, unknown>>;

const ALL_MEASURES = ['flows', 'connections', 'bytes', 'packets', 'unique_sources', 'unique_destinations', 'rejected_flows']; // prettier-ignore

/** Numbers in summaries that no query of the finding or of its evidence returns, a line each. */
export async function troubleWithSummaries({
  knocks,
  service,
  world,
}: Investigated): Promise<readonly string[]> {
  const trouble: string[] = [];
  for (const finding of knocks.findings) {
    const returned = new Set<number>();
    const began: number[] = [];
    const queries = [finding.query, ...finding.evidence.flatMap(({ query }) => (query === null ? [] : [query]))]; // prettier-ignore
    for (const query of queries) began.push(...(await addReturned(returned, query, service)));
    const seconds = [...durationsOf(finding, world), ...durationsUntil(finding, began)];
    for (const figure of figuresIn(finding.summary))
      if (!isHeld(figure, returned, seconds))
        trouble.push(`${finding.kind}: no query returns "${figure.text}": ${finding.summary}`);
  }
  return trouble;
}

/** @returns when its first hour begins, Unix seconds; empty where it has no hours */
async function addReturned(
  returned: Set<number>,
  query: Query,
  service: Investigated['service'],
): Promise<readonly number[]> {
  const { columns, rows } = await service.query(query);
  returned.add(rows.length);
  for (const [place, { kind, type }] of columns.entries()) {
    const cells = rows.map((row) => row[place] ?? null);
    if (kind === 'split') returned.add(new Set(cells).size);
    // On how many days there is anything.
    if (kind === 'split' && type === 'time')
      returned.add(new Set(cells.map((cell) => String(cell).slice(0, 10))).size);
    if (kind !== 'split') {
      for (const cell of cells) returned.add(Number(cell));
      returned.add(cells.reduce<number>((sum, cell) => sum + Number(cell), 0));
    }
  }
  const whole = await service.query({ ...query, splits: [], measures: ALL_MEASURES });
  for (const cell of whole.rows[0] ?? []) returned.add(Number(cell));
  const times = columns.findIndex(({ kind, type }) => kind === 'split' && type === 'time');
  return times < 0 || rows.length === 0
    ? []
    : [Math.min(...rows.map((row) => Date.parse(String(row[times])) / 1000))];
}

/** How long before a finding what it tells began: at some moment of the hour in which a query shows it first. */
function durationsUntil(finding: Finding, began: readonly number[]): readonly number[] {
  const first = Date.parse(finding.first_seen) / 1000;
  return began
    .flatMap((hour) => [0, 1800, 3600].map((within) => first - hour - within))
    .filter((seconds) => seconds > 0);
}

/** Seconds that a sentence of a finding may tell: of the range, of the days that it touches, of what it saw, from one attempt to the next, and hours with attempts. */
function durationsOf(finding: Finding, { begin, seconds }: Investigated['world']): readonly number[] {
  const day = (moment: number): number => Math.floor(moment / 86_400);
  const between = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
  const intervals = finding.sources.flatMap(({ interval_seconds: one }) => one ?? []).toSorted((a, b) => a - b); // prettier-ignore
  return [
    seconds,
    86_400 * (day(begin + seconds - 1) - day(begin) + 1),
    between(finding.first_seen, finding.last_seen),
    ...intervals,
    3600 * finding.hourly.attempts.filter((count) => (count ?? 0) > 0).length,
  ];
}

function isHeld(
  { value, kind, unit }: Figure,
  returned: ReadonlySet<number>,
  seconds: readonly number[],
): boolean {
  // An hour without any attempt is no row of an answer.
  if (kind === 'count') return value === 0 || returned.has(value);
  if (kind === 'percent')
    return [...returned].some((part) => [...returned].some((whole) => Math.abs((100 * part) / whole - value) <= 0.5)); // prettier-ignore
  const told = value * unit;
  // Told with one digit after the point, or with none; of a conversation both ways, which are a query each.
  if (kind === 'bytes') {
    const near = (one: number): boolean => Math.abs(one - told) <= (value < 10 ? 0.05 : 0.5) * unit;
    return [...returned].some((one) => near(one) || [...returned].some((back) => near(one + back)));
  }
  return seconds.some((one) => Math.abs(one - told) <= unit / 2) || withinMiddle(told, unit, seconds);
}

/** The sources of a finding come every so often in the middle, rounded to what is easily said. */
function withinMiddle(told: number, unit: number, seconds: readonly number[]): boolean {
  const sorted = seconds.toSorted((a, b) => a - b);
  const [least = 0] = sorted;
  const intervals = sorted.filter((one) => one < 86_400);
  return told >= least - unit && told <= (intervals.at(-1) ?? 0) + unit;
}
