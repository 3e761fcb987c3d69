import type { GestureTimes } from './measure-feel.ts';
import type { QueryTimes } from './measure-queries.ts';

/** The figures as text, ending in a newline. */
export function printTable(
  figures: Readonly<Record<string, number>>,
  each: readonly QueryTimes[],
  feel: readonly GestureTimes[],
): string {
  const withClickHouse = each.some(({ clickHouseMs }) => clickHouseMs !== null);
  const heads = ['ours, HTTP', 'plain SQL', 'ratio', ...(withClickHouse ? ['ClickHouse', 'ratio'] : [])];
  const lines = [
    ...(each.length === 0 ? [] : [row('query (median of 5, warm)', heads)]),
    ...each.map(({ name, oursMs, plainMs, clickHouseMs }) =>
      row(name, [
        milliseconds(oursMs),
        milliseconds(plainMs),
        (plainMs / oursMs).toFixed(2),
        ...(clickHouseMs === null ? [] : [milliseconds(clickHouseMs), (clickHouseMs / oursMs).toFixed(2)]),
      ]),
    ),
    '',
    ...(feel.length === 0 ? [] : [row('from a click to the new picture', ['median', 'longest'])]),
    ...feel.map(({ kind, name, p50, max }) =>
      row(`${kind}: ${name}`, [milliseconds(p50), milliseconds(max)]),
    ),
    '',
    ...Object.entries(figures).map(([name, value]) =>
      row(name, [value.toLocaleString('en-US', { maximumSignificantDigits: 4 })]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(42)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
