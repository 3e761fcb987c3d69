import type { Explanation } from './explanation.ts';

/** Why an explanation without combinations has none, in a sentence. */
export function whyNoDifference({ selected, rest }: Explanation['totals']): string {
  if (selected + rest === 0) return 'There are no flows to compare.';
  if (selected === 0) return 'No flow is selected, so there is nothing to explain.';
  if (rest === 0) return 'There are no other flows to compare with.';
  return 'Nothing differs by much: the other flows have the same values about as often.';
}
