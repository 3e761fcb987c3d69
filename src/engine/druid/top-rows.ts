import type { Scalar } from '../../model/query/query.ts';
import { mostValues, rowKinds, selectTopRows } from '../../sql/dialects/druid/druid-top.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import { type CountedGroup, TOO_LARGE, lessen, readGroup, rowsOfGroup } from './counted-group.ts';
import { FetchAgain, MOST_ROWS, atMost, fieldsOf, orFlows, weighted } from './fetch-rows.ts';
import { areFirst, placeholderFor } from './first-values.ts';
import type { NeededRows } from './needed-rows.ts';
import { type Ranking, type TopValues, rankedRows } from './ranking.ts';
import type { Row } from './read-lines.ts';
import { isOneGroupEach, topGroups } from './top-groups.ts';
import { isUnplanned } from './rows-in-turn.ts';
import { missingFlows, rowsBetweenCounts } from './whole-answer.ts';

/**
 * The rows that a query needs whose first split Druid limits: those of the values that may be shown, and of all others what they add up
 * to, without any split. It takes one request. `found` is called at the end; if all rows came it is not called. Throws `FetchAgain` where
 * Druid can't tell which values may be shown, or can't plan this.
 */
export function topRows(
  server: DruidServer,
  rows: NeededRows,
  ranking: Ranking,
  found: (top: TopValues) => void,
  options: RunOptions,
): AsyncGenerator<readonly Row[]> {
  return orFlows(server, rows, orWhole(limitedRows(server, rows, ranking, found, options)));
}

/** Rows, or all that are needed, where Druid can't plan to limit them. */
async function* orWhole(pieces: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  try {
    yield* pieces;
  } catch (error) {
    throw isUnplanned(error) ? new FetchAgain('whole') : error;
  }
}

async function* limitedRows(
  server: DruidServer,
  rows: NeededRows,
  ranking: Ranking,
  found: (top: TopValues) => void,
  options: RunOptions,
): AsyncGenerator<readonly Row[]> {
  if (isOneGroupEach(rows, ranking)) {
    const groups = await topGroups(server, rows, ranking, options);
    if (groups !== null) {
      if (groups.top !== null) found(groups.top);
      yield groups.rows;
      return;
    }
  }
  const { field, limit, rest, counters } = ranking;
  const select = selectTopRows(rankedRows(rows, ranking), {
    ...ranking,
    ...rows,
    rest: rest?.columns ?? null,
    most: MOST_ROWS + 1,
  });
  const bound = Array.from({ length: select.times }, () => rows.texts).flat();
  const names = fieldsOf(rows);
  const [keys, valueAt] = [names.indexOf('flows'), names.indexOf(field.name)];
  const startOf = (row: CountedGroup): unknown => (rows.grain === null ? null : row.keys[0]);
  const isRests = names.map((name, i) => name === 'start' || i >= keys || rest?.columns.includes(name));
  const all = new Map<unknown, CountedGroup>();
  const values = new Set<Scalar>();
  let [flows, flowsOfRanges, shownFlows, otherFlows] = [0, 0, 0, 0];
  let largest = 0n;
  let groups: number | null = null;
  const ofRest = (others: Iterable<CountedGroup>): readonly Row[] => {
    const placeholder = placeholderFor(field, values);
    return [...others].flatMap((group) => {
      otherFlows += group.flows;
      return rowsOfGroup(group).map((row) =>
        row.map((cell, i) => (i === valueAt ? placeholder : isRests[i] === true ? cell : null)),
      );
    });
  };
  for await (const some of atMost(
    rowsBetweenCounts(server, rows.table, select, bound, rows.whole, options),
    server,
  )) {
    const [shown, others]: [Row[], CountedGroup[]] = [[], []];
    for (const row of some) {
      const number = row[1];
      const cells = row.slice(2);
      switch (rowKinds[Number(row[0])]) {
        case 'all': {
          const group = readGroup(cells, keys);
          all.set(startOf(group), group);
          flows += group.flows;
          flowsOfRanges += Number(number);
          for (const counter of counters) {
            const amount = group.amounts[rows.amounts.indexOf(counter)];
            if (amount !== undefined && amount.largest > largest) largest = amount.largest;
          }
          break;
        }
        case 'groups':
          groups = Number(number);
          break;
        case 'shown': {
          values.add(cells[valueAt] as Scalar);
          shownFlows += Number(cells[keys]);
          // These are the most: what nobody asks for is not made of them.
          if (rest?.columns.length !== 0 && rows.amounts.length === 0) {
            shown.push(...weighted(cells, keys, []));
            break;
          }
          const group = readGroup(cells, keys);
          const of = all.get(startOf(group));
          if (rest?.columns.length === 0 && of !== undefined) lessen(of, group);
          shown.push(...rowsOfGroup(group));
          break;
        }
        default:
          others.push(readGroup(cells, keys));
      }
    }
    yield shown;
    if (others.length > 0) yield ofRest(others);
  }
  if (rest?.columns.length === 0) yield ofRest(all.values());
  // Each part of the statement is of the segments that could be reached at that moment.
  if (rest !== null && shownFlows + otherFlows !== flows)
    throw await missingFlows(server, shownFlows + otherFlows, flows, options);
  if (values.size >= mostValues(field, limit) && !areFirst(field, values, limit))
    throw new FetchAgain('whole');
  // Sums that begin anew in Druid rank wrongly.
  if (largest * BigInt(flows) >= TOO_LARGE) throw new FetchAgain('whole');
  const cut = groups === null ? values.size > limit || shownFlows < flows : groups > limit;
  // Where conditions hide groups, the rows do not tell how many flows there are.
  if (!cut && otherFlows === 0 && ranking.having.length === 0) return;
  const placeholder = placeholderFor(field, values);
  found({ values: [...values], placeholder, groups, cut, flows: flowsOfRanges });
}
