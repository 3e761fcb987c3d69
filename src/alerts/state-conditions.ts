import { kindWords } from '../model/knocks/finding-kinds.ts';
import { secondsOf } from './condition-seconds.ts';
import type { About, AlertData, Breach, ConditionOf, Evaluation, EvaluationContext } from './evaluation.ts';
import { iso } from './log-coverage.ts';

export async function finding(
  condition: ConditionOf<'finding'>,
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

export async function sourceLag(
  condition: ConditionOf<'source_lag'>,
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

export async function noLogs(
  { lasting }: ConditionOf<'no_logs'>,
  { at, coverage }: EvaluationContext,
): Promise<Evaluation> {
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
