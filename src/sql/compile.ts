import { measureNamed } from '../model/catalog/measure-expression.ts';
import type { Answer, AnswerColumn } from '../model/query/answer.ts';
import { formatInstant } from '../model/query/format-query.ts';
import type { Query, Split } from '../model/query/query.ts';
import { TIME } from '../model/query/query-field.ts';
import type { Parameter } from './binder.ts';
import { columnTypes } from './column-type.ts';
import type { CompileContext } from './compile-context.ts';
import type { Dialect } from './dialects/dialect.ts';
import { fieldOf } from './plan/condition.ts';
import { denseGroups } from './plan/dense-groups.ts';
import { type Plan, planQuery } from './plan/plan.ts';
import type { Rollup } from './plan/rollup.ts';
import type { SplitKey } from './plan/split-key.ts';
import { statement } from './plan/statement.ts';

/** One statement that answers a query, and what `AnswerReader` needs to read its rows. */
export interface CompiledQuery {
  readonly sql: string;
  readonly params: readonly Parameter[];
  readonly columns: readonly AnswerColumn[];
  readonly keys: readonly SplitKey[];
  readonly query: Query;
  readonly range: Answer['range'];
  /** The table that answers. */
  readonly source: string;
  /** How many bits say which group one is, where groups are counted in a table with a place for each possible one; else null. */
  readonly denseBits: number | null;
}

/** SQL for a validated query. Pure: the same query and context give the same text. */
export function compile(query: Query, context: CompileContext, dialect: Dialect): CompiledQuery {
  const plan = planQuery(query, context, dialect);
  const sql = statement(plan);
  return {
    sql,
    params: plan.scope.binder.values,
    columns: answerColumns(query),
    keys: plan.keys,
    query,
    range:
      plan.range === null ? null : { from: formatInstant(plan.range.from), to: formatInstant(plan.range.to) },
    source: largestTable(plan, context.rollups ?? []) ?? dialect.tables.flows,
    denseBits: plan.passes.reduce<number | null>((most, _, i) => denseGroups(plan, i)?.bits ?? most, null),
  };
}

/** The largest table that is read, of rollups that are listed smallest first; null: the flows. */
function largestTable({ sources, counts }: Plan, rollups: readonly Rollup[]): string | null {
  const read = [sources.rollup, ...counts.flatMap(({ tables }) => tables)];
  return read.includes(null) ? null : (rollups.findLast((rollup) => read.includes(rollup))?.table ?? null);
}

/** The columns of a query's answer: the splits, then each measure, followed by its earlier value and the difference. */
export function answerColumns(query: Query): readonly AnswerColumn[] {
  return [
    ...query.splits.map(splitColumn),
    ...query.measures.flatMap((name) => {
      const measure = measureNamed(name);
      const column = (kind: AnswerColumn['kind'], suffix: string, words: string): AnswerColumn => ({
        name: `${name}${suffix}`,
        kind,
        type: 'number',
        label: `${measure.label}${words}`,
        unit: measure.unit,
      });
      return query.compare === null
        ? [column('measure', '', '')]
        : [
            column('measure', '', ''),
            column('previous', '_previous', ', before'),
            column('delta', '_delta', ', change'),
          ];
    }),
  ];
}

function splitColumn(split: Split): AnswerColumn {
  const field = fieldOf(split.field);
  return {
    name: split.field,
    kind: 'split',
    type: columnTypes[field.type],
    label: split.field === TIME ? 'Time' : field.label,
    unit: field.unit,
  };
}
