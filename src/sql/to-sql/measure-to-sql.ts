import type { MeasureName } from '../../model/catalog/measures.ts';
import type { SqlWords } from './sql-words.ts';

/** A measure over the view `flows`. Two need more than the rows at hand: they are only named. */
export function measureToSql(name: MeasureName, words: SqlWords): string {
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
      return 'NULL /* flows_per_hour: needs the hours that have logs, which the view does not hold */';
    case 'connections':
      return 'NULL /* connections: needs the records before; docs/query.md defines it */';
  }
}

/** The view's columns that a measure reads. */
export function measureColumns(name: MeasureName): readonly string[] {
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
    case 'connections':
      return [];
  }
}
