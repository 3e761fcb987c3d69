const factors: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['%', 0.01],
  ['b', 1],
  ['k', 1e3],
  ['kb', 1e3],
  ['m', 1e6],
  ['mb', 1e6],
  ['g', 1e9],
  ['gb', 1e9],
  ['t', 1e12],
  ['tb', 1e12],
]);

/** An amount as people write it: `1,000`, `2k`, `1.5 MB`, `5%`. Null: nothing is written; undefined: it is no amount. */
export function readAmount(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const match = /^(-?[\d,]*\.?\d+(?:e\d+)?)\s*([a-z%]*)$/i.exec(trimmed);
  const factor = factors.get((match?.[2] ?? '').toLowerCase());
  const number = Number((match?.[1] ?? '').replaceAll(',', ''));
  if (match === null || factor === undefined || !Number.isFinite(number)) return undefined;
  return factor === 0.01 ? number / 100 : number * factor;
}
