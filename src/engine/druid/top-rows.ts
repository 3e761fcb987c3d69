import type { Field } from '../../model/catalog/field.ts';
import type { Scalar } from '../../model/query/query.ts';
import { inRange, pushedCondition } from '../../sql/dialects/druid/druid-conditions.ts';
import {
  type RankedRows,
  countGroups,
  selectEqual,
  selectExtent,
  selectTop,
} from '../../sql/dialects/druid/druid-top.ts';
import type { RunOptions } from '../engine.ts';
import { begunEarly } from './begun-early.ts';
import type { DruidServer } from './druid-server.ts';
import { FEW_EQUAL, MOST_EQUAL, firstValues, placeholderFor } from './first-values.ts';
import { fetchRows, fewRows, fieldsOf } from './fetch-rows.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import type { Ranking, TopValues } from './ranking.ts';
import { isOneGroupEach, topGroups } from './top-groups.ts';
import { rowsBetweenCounts } from './whole-answer.ts';

/** So many groups are taken as they are, in one request: to have them cut takes five. */
const FEW_GROUPS = 1000;

/**
 * The rows that a query needs whose first split Druid limits, unless they are few anyway: those of the values that may be shown, and
 * all others without any split. `found` is called before the first row; if all rows come it is not called.
 *
 * @param many what was found to have more than a few rows, which is not tried again
 */
export async function* topRows(
  server: DruidServer,
  rows: NeededRows,
  ranking: Ranking,
  found: (top: TopValues) => void,
  many: Set<string>,
  options: RunOptions,
  apart: boolean,
): AsyncGenerator<readonly Row[]> {
  if (!apart && isOneGroupEach(rows, ranking)) {
    const groups = await topGroups(server, rows, ranking, options);
    if (groups !== null) {
      if (groups.top !== null) found(groups.top);
      yield groups.rows;
      return;
    }
  }
  const asked = JSON.stringify([rows.grain, rows.columns, rows.amounts, rows.conditions, rows.texts]);
  if (!many.has(asked)) {
    const few = await fewRows(server, rows, FEW_GROUPS, options, apart);
    if (few !== null) {
      yield few;
      return;
    }
    many.add(asked);
  }
  const top = await findTop(server, rows, ranking, options);
  if (top === null) {
    yield* fetchRows(server, rows, options, apart);
    return;
  }
  found(top);
  const { field, rest } = ranking;
  const shown = narrowed(rows, field, top.values, false);
  if (rest === null) {
    yield* fetchRows(server, shown, options, apart);
    return;
  }
  const others = begunEarly(fetchRows(server, narrowed(rest, field, top.values, true), options, apart));
  try {
    yield* fetchRows(server, shown, options, apart);
    const places = fieldsOf(rest);
    const from = fieldsOf(rows).map((name) => (name === field.name ? null : places.indexOf(name)));
    for await (const some of others.pieces)
      yield some.map((row) =>
        from.map((place) => (place === null ? top.placeholder : place < 0 ? null : row[place])),
      );
  } finally {
    others.giveUp();
  }
}

async function findTop(
  server: DruidServer,
  rows: NeededRows,
  { field, limit, by, ranges, counts }: Ranking,
  options: RunOptions,
): Promise<TopValues | null> {
  const all: RankedRows = {
    datasource: server.datasource,
    conditions: rows.conditions,
    field: field.name,
  };
  const [now] = ranges;
  const ranked = now === undefined ? all : { ...all, conditions: [...rows.conditions, inRange(now)] };
  const ask = (sql: string): Promise<readonly Row[]> => server.rows(sql, rows.texts, options);
  const askTop = async (): Promise<readonly Row[]> => {
    const { sql, columns } = selectTop(ranked, by, limit + FEW_EQUAL + 1);
    const top: Row[] = [];
    for await (const some of rowsBetweenCounts(
      server,
      { sqls: [sql], columns },
      rows.texts,
      rows.whole,
      options,
    ))
      top.push(...some);
    return top;
  };
  const [first, [extent], [groups]] = await Promise.all([
    askTop(),
    ask(selectExtent(all, by, ranges)),
    counts ? ask(countGroups(all)) : [],
  ]);
  // With fewer values than the limit nothing is cut, or what is cut was only there before.
  if (first.length <= limit) return null;
  const flows = Number(extent?.[0] ?? 0);
  // Sums beyond 63 bits would begin anew in Druid.
  if (BigInt(flows) * BigInt(String(extent?.[1] ?? 0)) >= 2n ** 63n) return null;
  const values = await firstValues(first, field, limit, (amount) =>
    ask(selectEqual(ranked, by, amount, MOST_EQUAL + 1)),
  );
  if (values === null) return null;
  return {
    values,
    placeholder: placeholderFor(field, values),
    groups: counts ? Number(groups?.[0] ?? 0) : null,
    flows,
  };
}

function narrowed(rows: NeededRows, field: Field, values: readonly Scalar[], not: boolean): NeededRows {
  const texts = [...rows.texts];
  const clause = { kind: 'in' as const, field: field.name, values, not };
  const condition = pushedCondition(clause, field, (text) => {
    texts.push(text);
    return '?';
  });
  if (condition === null) throw new RangeError(`no condition on ${field.name}`);
  return {
    ...rows,
    conditions: [...rows.conditions, condition.sql],
    texts,
    whole: { ...rows.whole, same: false },
  };
}
