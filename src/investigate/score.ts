import type { ScorePart } from '../model/knocks/knocks.ts';

/** The weighted mean of the parts, times how much this kind of finding matters; 0 to 1, to three digits. */
export function scoreOf(parts: readonly ScorePart[], importance: number): number {
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  const mean = weight === 0 ? 0 : parts.reduce((sum, part) => sum + part.value * part.weight, 0) / weight;
  return Math.round(Math.min(1, Math.max(0, mean * importance)) * 1000) / 1000;
}

export function part(name: string, value: number, weight: number, text: string): ScorePart {
  const bounded = Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
  return { name, value: Math.round(bounded * 1000) / 1000, weight, text };
}

/** 0 for one attempt, 1 for a hundred thousand: each tenfold counts the same. */
export function volume(attempts: number): number {
  return Math.log10(Math.max(1, attempts)) / 5;
}
