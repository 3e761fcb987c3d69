import { MOST_SERIES, type AlertCondition } from '../model/alert/alert.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Answer, Cell } from '../model/query/answer.ts';
import type { SourceStatus } from '../model/source-status.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import { isLossy, iso, whyUnknown, type LogCoverage } from './log-coverage.ts';

/** What the evaluation of a condition needs. */
export interface AlertData {
  query(query: unknown): Promise<Answer>;
  knocks(time: null): Promise<Knocks>;
  sources(): Promise<readonly SourceStatus[]>;
}

/** A series in which the condition holds. */
export interface Breach {
  readonly key: string;
  readonly label: Cell;
  readonly value: number | null;
  readonly threshold: number | null;
  /** Details for messages. */
  readonly row: Readonly<Record<string, Cell>>;
}

/** The result of an evaluation. */
export type Evaluation =
  | { readonly kind: 'known'; readonly breaches: readonly Breach[]; readonly about: About }
  | { readonly kind: 'no_data'; readonly reason: string; readonly about: About };

/** The evaluated window (Unix seconds) and query; null: the condition has no query. */
export interface About {
  readonly from: number;
  readonly to: number;
  readonly query: Readonly<Record<string, unknown>> | null;
}

/** The parameters of an evaluation besides the data. */
export interface EvaluationContext {
  /** The end of the window, in Unix seconds. */
  readonly at: number;
  readonly coverage: LogCoverage;
  /** Keys of series that fire already: an absence lasts until there are flows again. */
  readonly active: ReadonlySet<string>;
}

/** Evaluates a condition at a time. Rejects with the errors of its queries. */
export async function evaluateCondition(
  condition: AlertCondition,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  switch (condition.kind) {
    case 'amount':
      return amount(condition, data, context);
    case 'change':
      return change(condition, data, context);
    case 'new_value':
      return newValue(condition, data, context);
    case 'absence':
      return absence(condition, data, context);
    case 'finding':
      return finding(condition, data, context);
    case 'source_lag':
      return sourceLag(condition, data, context);
    case 'no_logs':
      return noLogs(condition, context);
  }
}

type Of<Kind extends AlertCondition['kind']> = AlertCondition & { readonly kind: Kind };

async function amount(
  condition: Of<'amount'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { measure, split, above, below } = condition;
  const about = windowOf(condition, context.at, {
    ...splitBy(split, measure, above === null ? 'asc' : 'desc'),
    measures: [measure],
    // Other rows are not needed.
    ...(split === null
      ? {}
      : { having: [{ measure, between: above === null ? [null, below] : [above, null] }] }),
  });
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    (above === null && isLossy(context.coverage, about.from, about.to)
      ? 'AWS lost records of this time: there were more than the logs tell.'
      : null);
  if (unknown !== null) return { kind: 'no_data', reason: unknown, about };
  const series = seriesOf(await data.query(about.query), split);
  const threshold = above ?? below ?? 0;
  return {
    kind: 'known',
    about,
    breaches: [...series.values()]
      .filter(({ value }) => value !== null && (above === null ? value < threshold : value > threshold))
      .map(({ key, label, value }) => breach(key, label, value, threshold, split, measure)),
  };
}

async function change(
  condition: Of<'change'>,
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
  for (const key of new Set([...current.keys(), ...previous.keys()])) {
    const [here, there] = [current.get(key), previous.get(key)];
    // Values beyond the limit are unknown, not zero.
    if ((here === undefined && now.truncated) || (there === undefined && before.truncated)) continue;
    const value = here?.value ?? 0;
    const old = there?.value ?? 0;
    if (Math.max(value, old) < condition.at_least) continue;
    const threshold = old * (1 + (increase ?? -(decrease ?? 0)) / 100);
    const holds = increase === null ? old > 0 && value <= threshold : value > 0 && value >= threshold;
    if (!holds || value === old) continue;
    const { label } = (here ?? there)!;
    breaches.push(breach(key, label, value, threshold, split, measure, { [`${measure}_previous`]: old }));
  }
  return { kind: 'known', about, breaches };
}

async function newValue(
  condition: Of<'new_value'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { field } = condition;
  const about = windowOf(condition, context.at, { ...splitBy(field, 'flows', 'desc'), measures: ['flows'] });
  const known = secondsOf(condition.known);
  const { range } = context.coverage;
  const unknown =
    whyUnknown(context.coverage, about.from, about.to) ??
    (range !== null && range.from > about.from - known
      ? `The logs begin at ${iso(range.from)}: what was there in the ${condition.known} before is not known.`
      : null);
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
  return {
    kind: 'known',
    about,
    breaches: [...series.values()]
      .filter(({ key, label }) => label !== null && !seen.has(key))
      .map(({ key, label, value }) => breach(key, label, value, null, field, 'flows')),
  };
}

async function absence(
  condition: Of<'absence'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { split, window, windows } = condition;
  const length = secondsOf(window);
  // Time buckets start at multiples of their length.
  const to = Math.floor(context.at / length) * length;
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

async function finding(
  condition: Of<'finding'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { kinds, score } = condition;
  const { findings, range } = await data.knocks(null);
  const about: About = {
    from: range === null ? context.at : Date.parse(range.from) / 1000,
    to: range === null ? context.at : Date.parse(range.to) / 1000,
    query: null,
  };
  return {
    kind: 'known',
    about,
    breaches: findings
      .filter((one) => (kinds.length === 0 || kinds.some((kind) => kind === one.kind)) && one.score >= score)
      .filter(({ state }) => state === 'new' || state === 'known')
      .map((one) => ({
        key: JSON.stringify(one.id),
        label: one.summary,
        value: one.score,
        threshold: score,
        row: { id: one.id, kind: kindWords[one.kind].name, summary: one.summary, next_step: one.next_step },
      })),
  };
}

async function sourceLag(
  condition: Of<'source_lag'>,
  data: AlertData,
  context: EvaluationContext,
): Promise<Evaluation> {
  const lag = secondsOf(condition.lag);
  const about: About = { from: context.at - lag, to: context.at, query: null };
  const sources = (await data.sources()).filter(
    ({ id, paused }) => !paused && (condition.source === null || id === condition.source),
  );
  if (sources.length === 0)
    return {
      kind: 'no_data',
      reason: condition.source === null ? 'No source is followed.' : `${condition.source} is not followed.`,
      about,
    };
  const breaches = sources.flatMap((source): readonly Breach[] => {
    const failing = source.state === 'waiting' && source.last_error !== null;
    const since = source.last_success === null ? null : context.at - Date.parse(source.last_success) / 1000;
    const value = Math.max(source.lag_seconds ?? 0, failing ? (since ?? lag + 1) : 0);
    if (value <= lag) return [];
    const row = { source: source.id, lag_seconds: value, error: source.last_error?.message ?? null };
    return [{ key: JSON.stringify(source.id), label: source.id, value, threshold: lag, row }];
  });
  return { kind: 'known', about, breaches };
}

async function noLogs({ lasting }: Of<'no_logs'>, { at, coverage }: EvaluationContext): Promise<Evaluation> {
  const longest = secondsOf(lasting);
  const about: About = { from: at - longest, to: at, query: null };
  if (coverage.range === null) return { kind: 'no_data', reason: 'There are no flows.', about };
  const value = Math.max(0, at - coverage.range.to);
  const breaches: readonly Breach[] =
    value <= longest
      ? []
      : [
          {
            key: '',
            label: null,
            value,
            threshold: longest,
            row: { newest_flow: iso(coverage.range.to - 1), seconds_without_logs: value },
          },
        ];
  return { kind: 'known', about, breaches };
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

function secondsOf(duration: string): number {
  const seconds = durationSeconds(duration);
  if (seconds === null) throw new TypeError(`${duration} has no fixed length: the alert was not checked`);
  return seconds;
}
