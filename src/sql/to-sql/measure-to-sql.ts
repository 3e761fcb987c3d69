import {
  type MeasureExpression,
  type MeasureName,
  measureExpression,
} from '../../model/catalog/measure-expression.ts';
import type { CatalogMeasure } from '../../model/catalog/measures.ts';
import type { SqlWords } from './sql-words.ts';

/** A measure over the view `flows`. Some need more than the rows at hand: they are only named. */
export function measureToSql(name: MeasureName, words: SqlWords): string {
  return expressionToSql(measureExpression(name), name, words);
}

function expressionToSql(expression: MeasureExpression, name: MeasureName, words: SqlWords): string {
  switch (expression.kind) {
    case 'catalog':
      return catalogToSql(expression.name, words);
    case 'distinct':
      return `count(DISTINCT ${expression.field})`;
    case 'percentile':
      return words.percentile(
        expression.of === 'duration' ? words.secondsBetween('"start"', '"end"') : expression.of,
        expression.rank,
      );
    case 'per_second':
      return withoutHours(name);
    case 'ratio': {
      const [of, to] = [expression.of, expression.to].map((part) => expressionToSql(part, name, words));
      if (of?.startsWith('NULL') !== false) return of ?? 'NULL';
      return to?.startsWith('NULL') !== false ? (to ?? 'NULL') : `${of} / nullif(${to}, 0)`;
    }
  }
}

function withoutHours(name: MeasureName): string {
  return `NULL /* ${name}: needs the hours that have logs, which the view does not hold */`;
}

function catalogToSql(name: CatalogMeasure, words: SqlWords): string {
  switch (name) {
    case 'flows':
      return 'count(*)';
    case 'bytes':
    case 'packets':
      return words.sum(name);
    case 'rejected_flows':
      return words.countWhere("action = 'REJECT'");
    case 'rejected_share':
      return `${words.countWhere("action = 'REJECT'")} / count(*)`;
    case 'unique_sources':
      return 'count(DISTINCT srcaddr)';
    case 'unique_destinations':
      return 'count(DISTINCT dstaddr)';
    case 'bytes_per_flow':
      return `${words.sum('bytes')} / count(*)`;
    case 'hours_active':
      return `count(DISTINCT date_trunc('hour', "start"))`;
    case 'flows_per_hour':
    case 'flows_per_second':
    case 'packets_per_second':
    case 'bytes_per_second':
    case 'bits_per_second':
      return withoutHours(name);
    case 'connections':
      return 'NULL /* connections: needs the records before; docs/query.md defines it */';
  }
}

/** The view's columns that a measure reads. */
export function measureColumns(name: MeasureName): readonly string[] {
  return columnsOf(measureExpression(name));
}

function columnsOf(expression: MeasureExpression): readonly string[] {
  switch (expression.kind) {
    case 'catalog':
      return catalogColumns(expression.name);
    case 'distinct':
      return [expression.field];
    case 'percentile':
      return expression.of === 'duration' ? ['"start"', '"end"'] : [expression.of];
    case 'per_second':
      return [];
    case 'ratio':
      return [...columnsOf(expression.of), ...columnsOf(expression.to)];
  }
}

function catalogColumns(name: CatalogMeasure): readonly string[] {
  switch (name) {
    case 'bytes':
    case 'packets':
      return [name];
    case 'bytes_per_flow':
      return ['bytes'];
    case 'rejected_flows':
    case 'rejected_share':
      return ['action'];
    case 'unique_sources':
      return ['srcaddr'];
    case 'unique_destinations':
      return ['dstaddr'];
    case 'hours_active':
      return ['"start"'];
    case 'flows':
    case 'flows_per_hour':
    case 'flows_per_second':
    case 'packets_per_second':
    case 'bytes_per_second':
    case 'bits_per_second':
    case 'connections':
      return [];
  }
}

/** A measure's name as a column's: quoted where it holds more than words. */
export function measureAlias(name: MeasureName): string {
  return /^\w+$/.test(name) ? name : `"${name}"`;
}
