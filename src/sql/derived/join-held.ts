import type { Dialect } from '../dialects/dialect.ts';

/** A join, called `held_srcaddr` or `held_dstaddr`, of rows `r` with what varied addresses at that end were. */
export function joinHeld(end: string, hour: string, interfaceKey: string, { tables }: Dialect): string {
  const held = `held_${end}`;
  return (
    `LEFT JOIN ${tables.known.held} ${held} ON ${held}.key = r.${end} AND ${held}.interface = ${interfaceKey}` +
    ` AND ${held}.first_hour <= ${hour} AND ${held}.last_hour >= ${hour}`
  );
}
