import type { Answer, Cell, OtherRow } from '../../model/query/answer.ts';
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
  { values, placeholder, groups, cut, flows }: TopValues,
  ask: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const field = query.splits[0]?.field ?? '';
  const only = (among: readonly Scalar[], not: boolean): Query => ({
    ...query,
    filter: [...query.filter, { kind: 'in', field, values: among, not }],
  });
  const whole = async (of: Query): Promise<readonly Cell[]> => {
    // `having` does not change what the whole is.
    const { rows } = await ask({
      ...of,
      splits: [],
      having: [],
      havingDepth: null,
      other: false,
      subtotals: false,
    });
    return rows[0] ?? [];
  };
  const answer = await ask(only([placeholder], true));
  const [single, more] = [query.splits.slice(0, 1), query.splits.length > 1];
  const others = async (): Promise<OtherRow> => {
    const outermost = more
      ? await ask({ ...only(values, false), splits: single, other: false, subtotals: false })
      : answer;
    const shown = outermost.rows.map(([value]) => value ?? null);
    return { path: [], groups: (groups ?? 0) - shown.length, values: await whole(only(shown, true)) };
  };
  const [other, subtotal] = await Promise.all([
    query.other && cut ? others() : null,
    query.subtotals ? whole(query) : null,
  ]);
  const inner = <T extends { readonly path: readonly Cell[] }>(all: readonly T[] | null): readonly T[] =>
    (all ?? []).filter(({ path }) => path.length > 0);
  return {
    ...answer,
    truncated: answer.truncated || cut,
    other: other === null ? answer.other : [other, ...inner(answer.other)],
    subtotals:
      subtotal === null ? answer.subtotals : [{ path: [], values: subtotal }, ...inner(answer.subtotals)],
    stats: { ...answer.stats, rows_scanned: flows },
  };
}
