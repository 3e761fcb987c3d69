import { MOST_SERIES } from '../model/alert/alert.ts';
import { type MeasureName, measureNamed } from '../model/catalog/measure-expression.ts';
import type { Answer, Cell } from '../model/query/answer.ts';
import { numberAfter, numberBefore } from '../model/query/next-number.ts';
import { windowEnd } from './about-window.ts';
import { secondsOf } from './condition-seconds.ts';
import type { About, AlertData, Breach, ConditionOf, Evaluation, EvaluationContext } from './evaluation.ts';
import { isLossy, iso, knownWithin, whyUnknown } from './log-coverage.ts';

export async function amount(
  condition: ConditionOf<'amount'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { measure, split, above, below } = condition;
  const about = windowOf(condition, context.at, {
    ...splitBy(split, measure, above === null ? 'asc' : 'desc'),
    measures: [measure],
    // Other rows are not needed.
    ...(split === null ? {} : { having: [{ measure, between: beyond(measure, above, below) }] }),
  });
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    (above === null && isLossy(context.coverage, about.from, about.to)
      ? 'AWS lost records of this time: there were more than the logs tell.'
      : null);
  if (unknown !== null) return { kind: 'no_data', reason: unknown, about };
  const series = new Map(seriesOf(await data.query(about.query), split));
  const threshold = above ?? below ?? 0;
  const without = measureNamed(measure).withoutFlows;
  if (split !== null && above === null && without !== null && threshold > without)
    for (const value of await vanished(condition, split, data, context)) series.set(value.key, value);
  return {
    kind: 'known',
    about,
    breaches: [...series.values()]
      .filter(({ value }) => value !== null && (above === null ? value < threshold : value > threshold))
      .map(({ key, label, value }) => breach(key, label, value, threshold, split, measure)),
  };
}

/** The bounds, which belong to what they enclose, of amounts above or below a number. */
function beyond(
  measure: MeasureName,
  above: number | null,
  below: number | null,
): readonly [number | null, number | null] {
  const { unit, withoutFlows } = measureNamed(measure);
  const isWhole = withoutFlows === 0 && ['count', 'bytes', 'packets', 'hours'].includes(unit);
  if (above !== null) return [isWhole ? Math.floor(above) + 1 : numberAfter(above), null];
  return [null, below === null ? null : isWhole ? Math.ceil(below) - 1 : numberBefore(below)];
}

/** The values of a split that were there in the window before, or fire, and have no flow in this one: no flows are below a number too. */
async function vanished(
  condition: ConditionOf<'amount'>,
  split: string,
  data: AlertData,
  { at, coverage, active }: EvaluationContext,
): Promise<readonly Value[]> {
  const body = { ...splitBy(split, 'flows', 'desc'), measures: ['flows'] };
  const earlier = windowOf(condition, at - secondsOf(condition.window), body);
  const labels = new Map([...active].map((key) => [key, labelOf(key)] as const));
  if (whyUnknown(coverage, earlier.from, earlier.to) === null)
    for (const { key, label } of seriesOf(await data.query(earlier.query), split).values())
      labels.set(key, label);
  if (labels.size === 0) return [];
  const { query } = windowOf(
    { ...condition, filter: [...condition.filter, { field: split, in: [...labels.values()] }] },
    at,
    body,
  );
  const here = seriesOf(await data.query(query), split);
  return [...labels].filter(([key]) => !here.has(key)).map(([key, label]) => ({ key, label, value: 0 }));
}

export async function change(
  condition: ConditionOf<'change'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { measure, split, increase, decrease } = condition;
  const body = { ...splitBy(split, measure, 'desc'), measures: [measure] };
  const about = windowOf(condition, context.at, body);
  const earlier = windowOf(condition, context.at - secondsOf(condition.shift), body);
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    whyUnknown(context.coverage, earlier.from, earlier.to) ??
    ([about, earlier].some(({ from, to }) => isLossy(context.coverage, from, to))
      ? 'AWS lost records of one of the two times: they can’t be compared.'
      : null);
  if (unknown !== null) return { kind: 'no_data', reason: unknown, about };
  const [now, before] = [await data.query(about.query), await data.query(earlier.query)];
  const [current, previous] = [seriesOf(now, split), seriesOf(before, split)];
  const breaches: Breach[] = [];
  const without = measureNamed(measure).withoutFlows;
  for (const key of new Set([...current.keys(), ...previous.keys()])) {
    const [here, there] = [current.get(key), previous.get(key)];
    // Values beyond the limit are unknown, not zero.
    if ((here === undefined && now.truncated) || (there === undefined && before.truncated)) continue;
    const value = here?.value ?? without;
    const old = there?.value ?? without;
    // A share of no flows is none.
    if (value === null || old === null) continue;
    if (Math.max(value, old) < condition.at_least) continue;
    const threshold = old * (1 + (increase ?? -(decrease ?? 0)) / 100);
    const holds = increase === null ? old > 0 && value <= threshold : value > 0 && value >= threshold;
    if (!holds || value === old) continue;
    const { label } = (here ?? there)!;
    breaches.push(breach(key, label, value, threshold, split, measure, { [`${measure}_previous`]: old }));
  }
  return { kind: 'known', about, breaches };
}

/**
 * Seconds of logs that must lie before a window to say that a value is new, even if it is compared with a longer time. A new
 * user of Peephole learns tomorrow what is new, not after the usual 30 days. Of a shorter time half must have logs.
 */
const LEAST_KNOWN = 86_400;

export async function newValue(
  condition: ConditionOf<'new_value'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { field } = condition;
  const about = windowOf(condition, context.at, { ...splitBy(field, 'flows', 'desc'), measures: ['flows'] });
  const known = secondsOf(condition.known);
  const { since, missing } = knownWithin(context.coverage, about.from - known, about.from);
  const logged = about.from - since - missing;
  const isKnown =
    about.from - since >= Math.min(known, LEAST_KNOWN) && logged >= Math.min(known / 2, LEAST_KNOWN);
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    (isKnown
      ? null
      : `The logs before it, from ${iso(since)} on, are of ${Math.floor(logged / 3600)} hours: what was there is not known for long enough.`);
  if (unknown !== null) return { kind: 'no_data', reason: unknown, about };
  const series = seriesOf(await data.query(about.query), field);
  if (series.size === 0) return { kind: 'known', about, breaches: [] };
  const values = [...series.values()].map(({ label }) => label);
  const before = await data.query({
    time: { from: iso(about.from - known), to: iso(about.from) },
    filter: [...condition.filter, { field, in: values }],
    ...splitBy(field, 'flows', 'desc'),
    measures: ['flows'],
  });
  const seen = seriesOf(before, field);
  const unseen = {
    not_seen_since: iso(since),
    ...(missing === 0 ? {} : { hours_without_logs: missing / 3600 }),
  };
  return {
    kind: 'known',
    about,
    breaches: [...series.values()]
      .filter(({ key, label }) => label !== null && !seen.has(key))
      .map(({ key, label, value }) => breach(key, label, value, null, field, 'flows', unseen)),
  };
}

export async function absence(
  condition: ConditionOf<'absence'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { split, window, windows } = condition;
  const length = secondsOf(window);
  // Time buckets start at multiples of their length.
  const to = windowEnd(condition, context.at);
  const about = windowOf(condition, to, {
    ...splitBy(split, 'flows', 'desc'),
    measures: ['flows'],
  });
  const earlier = Array.from({ length: windows }, (_, i) => to - length * (i + 2));
  const logged = earlier.filter((from) => whyUnknown(context.coverage, from, from + length) === null);
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    (isLossy(context.coverage, about.from, about.to) ? 'AWS lost records of this time.' : null) ??
    (logged.length * 2 < windows
      ? `Of the ${windows} windows before, only ${logged.length} have logs.`
      : null);
  if (unknown !== null) return { kind: 'no_data', reason: unknown, about };
  const here = seriesOf(await data.query(about.query), split);
  const present = ({ value }: { readonly value: number | null }): boolean => (value ?? 0) > 0;
  const answer = await data.query({
    time: { from: iso(to - length * (windows + 1)), to: iso(about.from) },
    filter: condition.filter,
    splits: [
      ...(splitBy(split, 'flows', 'desc').splits ?? []),
      { field: 'time', bucket: window, limit: null, sort: { by: 'time', order: 'asc' } },
    ],
    measures: ['flows'],
  });
  const times = new Map<string, { readonly label: Cell; readonly at: Set<number> }>();
  for (const row of answer.rows) {
    const label = split === null ? null : (row[0] ?? null);
    const key = keyOf(label, split);
    const [time, flows] = split === null ? row : row.slice(1);
    const entry = times.get(key) ?? { label, at: new Set<number>() };
    if (Number(flows ?? 0) > 0) entry.at.add(Date.parse(String(time)) / 1000);
    times.set(key, entry);
  }
  const usual = [...times].filter(([, { at }]) => logged.every((from) => at.has(from)));
  const missing = new Map(usual.map(([key, { label }]) => [key, label] as const));
  for (const key of context.active) if (!missing.has(key)) missing.set(key, labelOf(key));
  return {
    kind: 'known',
    about,
    breaches: [...missing]
      .filter(([key]) => !present(here.get(key) ?? { value: 0 }))
      .map(([key, label]) => breach(key, label, 0, null, split, 'flows')),
  };
}

function windowOf(
  { filter, window }: { readonly filter: readonly unknown[]; readonly window: string },
  to: number,
  body: Readonly<Record<string, unknown>>,
): About {
  const from = to - secondsOf(window);
  return { from, to, query: { time: { from: iso(from), to: iso(to) }, filter, ...body } };
}

function splitBy(
  field: string | null,
  by: string,
  order: 'asc' | 'desc',
): { readonly splits?: readonly Readonly<Record<string, unknown>>[] } {
  return field === null ? {} : { splits: [{ field, limit: MOST_SERIES, sort: { by, order } }] };
}

interface Value {
  readonly key: string;
  readonly label: Cell;
  readonly value: number | null;
}

/** The rows of an answer with at most one split, and one measure. */
function seriesOf(answer: Answer, split: string | null): ReadonlyMap<string, Value> {
  return new Map(
    answer.rows.map((row) => {
      const label = split === null ? null : (row[0] ?? null);
      const cell = row[split === null ? 0 : 1] ?? null;
      const key = keyOf(label, split);
      return [key, { key, label, value: cell === null ? null : Number(cell) }] as const;
    }),
  );
}

function keyOf(label: Cell, split: string | null): string {
  return split === null ? '' : JSON.stringify(label);
}

function labelOf(key: string): Cell {
  return key === '' ? null : (JSON.parse(key) as Cell);
}

function breach(
  key: string,
  label: Cell,
  value: number | null,
  threshold: number | null,
  split: string | null,
  measure: string,
  more: Readonly<Record<string, Cell>> = {},
): Breach {
  return {
    key,
    label,
    value,
    threshold,
    row: { ...(split === null ? {} : { [split]: label }), [measure]: value, ...more },
  };
}
