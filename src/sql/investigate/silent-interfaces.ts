import { integerLiteral } from '../binder.ts';
import { flowRows, wholeHoursOf } from '../flow-rows.ts';
import { interfaceKey, type SqlScope } from './scope.ts';

/** More interfaces are not looked up. */
const MOST_SILENT = 5000;

/** Interfaces that had flows in the earlier time, and have no record of any kind, NODATA included, in the later one. Columns: interface. */
export function silentInterfaces(now: SqlScope, earlier: SqlScope): string {
  const { dialect, columns, coverageColumns } = now;
  const seen = (table: string, has: ReadonlySet<string>, { from, to }: SqlScope, isNow: 0 | 1): string => {
    const face = interfaceKey({ columns: has, dialect }, '');
    return `SELECT ${face} AS interface, ${isNow} AS is_now FROM ${table}
      WHERE hour BETWEEN ${integerLiteral(Math.floor(from / 3600))} AND ${integerLiteral(Math.floor((to - 1) / 3600))} GROUP BY ${face}`;
  };
  const { coverage } = dialect.tables;
  const flowHours = flowRows(dialect, {
    kind: 'hours',
    columns: ['interface_id'],
    ranges: [wholeHoursOf(earlier), wholeHoursOf(now)],
    shared: true,
  }).table;
  const all = [
    seen(flowHours, columns, earlier, 0),
    seen(flowHours, columns, now, 1),
    ...(coverageColumns.has('interface_id') && coverageColumns.has('start') ? [seen(coverage, coverageColumns, now, 1)] : []),
  ];
  return `SELECT interface FROM (${all.join(' UNION ALL ')}) s WHERE interface <> ${dialect.noText}
    GROUP BY interface HAVING max(is_now) = 0 ORDER BY interface LIMIT ${MOST_SILENT}`;
} // prettier-ignore
