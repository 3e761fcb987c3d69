import { unitFactors } from './unit-factors.ts';

/** Parses an amount: `1,000`, `2k`, `1.5 MB`, `2 GiB`, `5%`. Null: empty; undefined: not an amount. */
export function readAmount(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const match = /^(-?[\d,]*\.?\d+(?:e\d+)?)\s*([a-z%]*)$/i.exec(trimmed);
  const unit = (match?.[2] ?? '').toLowerCase();
  const factor = unit === '%' ? 0.01 : unitFactors.get(unit);
  // Plus 0, since what is written with a minus as 0 would be -0, which JSON does not keep.
  const number = Number((match?.[1] ?? '').replaceAll(',', '')) + 0;
  if (match === null || factor === undefined || !Number.isFinite(number)) return undefined;
  // Dividing is exact where multiplying by 0.01 is not.
  return unit === '%' ? number / 100 : number * factor;
}
