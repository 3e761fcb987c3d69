import type { Answer, Cell } from '../../model/query/answer.ts';
import type { Query, Scalar } from '../../model/query/query.ts';
import type { TopValues } from './ranking.ts';

/**
 * The answer to a query whose first split was cut in Druid (`topRows`), worked out of the values that may be shown, and of what all
 * others add up to.
 *
 * @param query what is left to ask of the rows
 * @param ask asks them
 */
export async function answerTop(
  query: Query,
  { values, placeholder, groups, flows }: TopValues,
  ask: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const field = query.splits[0]?.field ?? '';
  const only = (among: readonly Scalar[], not: boolean): Query => ({
    ...query,
    filter: [...query.filter, { kind: 'in', field, values: among, not }],
  });
  const whole = async (of: Query): Promise<readonly Cell[]> => {
    const { rows } = await ask({ ...of, splits: [], other: false, subtotals: false });
    return rows[0] ?? [];
  };
  const answer = await ask(only([placeholder], true));
  const inner = (answer.other ?? []).filter(({ path }) => path.length > 0);
  let { other, subtotals } = answer;
  if (query.other && groups !== null) {
    const outermost = await ask({
      ...only(values, false),
      splits: query.splits.slice(0, 1),
      other: false,
      subtotals: false,
    });
    const shown = outermost.rows.map(([value]) => value ?? null);
    const cut = { path: [], groups: groups - shown.length, values: await whole(only(shown, true)) };
    other = [cut, ...inner];
  }
  if (query.subtotals)
    subtotals = [
      { path: [], values: await whole(query) },
      ...(answer.subtotals ?? []).filter(({ path }) => path.length > 0),
    ];
  return { ...answer, truncated: true, other, subtotals, stats: { ...answer.stats, rows_scanned: flows } };
}
