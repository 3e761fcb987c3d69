import type { Key } from '../key.ts';
import { hourRows, interfaceKey, withinHours, type SqlScope } from './scope.ts';

/**
 * In how many flows of some hours an interface has an address at either end, from the sums of the hours.
 * Columns: interface, address, flows; with address null: all flows of the interface.
 *
 * @param places none twice
 */
export function flowsAtInterfaces(
  scope: SqlScope,
  places: readonly { readonly interface: Key; readonly address: Key }[],
  hours: readonly number[],
): readonly string[] {
  const { dialect } = scope;
  const face = interfaceKey(scope);
  const rows = (columns: string): string =>
    `SELECT ${face} AS interface, ${columns} FROM ${dialect.tables.flowHours} f JOIN ${hourRows(dialect, hours)} ON h.hour = f.hour
     WHERE ${face} IN (${[...new Set(places.map((place) => place.interface))].map((key) => dialect.keyLiteral(key)).join(', ')}) AND ${withinHours(scope, scope.from, scope.to)}`;
  const wanted = places.map(
    (place) => `(${dialect.keyLiteral(place.interface)}, ${dialect.addressLiteral(place.address)})`,
  );
  const whole = (column: string): string => `CAST(sum(${column}) AS ${dialect.types.whole})`;
  return [
    `SELECT e.interface, e.address, ${whole('e.n')} FROM (
       ${rows('f.srcaddr AS address, f.flows AS n')} UNION ALL ${rows('f.dstaddr AS address, f.flows AS n')} AND f.dstaddr <> f.srcaddr) e
     JOIN (SELECT * FROM (VALUES ${wanted.join(', ')}) v(interface, address)) w ON w.interface = e.interface AND w.address = e.address
     GROUP BY e.interface, e.address`,
    `SELECT e.interface, NULL, ${whole('e.n')} FROM (${rows('f.flows AS n')}) e GROUP BY e.interface`,
  ];
}
