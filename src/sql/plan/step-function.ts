/** From `from` on (until the next step), the expression `then` holds. */
export interface Step {
  readonly from: number;
  readonly then: string;
}

/**
 * A CASE over steps as a balanced tree, so that hundreds of steps cost a row few comparisons.
 * The first step also holds before its `from`. Neighbours that say the same become one.
 */
export function stepFunction(input: string, steps: readonly Step[]): string {
  const distinct = steps.filter((step, i) => i === 0 || step.then !== steps[i - 1]?.then);
  return tree(input, distinct);
}

function tree(input: string, steps: readonly Step[]): string {
  const middle = Math.ceil(steps.length / 2);
  const right = steps[middle];
  if (right === undefined) return steps[0]?.then ?? 'NULL';
  return `CASE WHEN ${input} < ${right.from} THEN ${tree(input, steps.slice(0, middle))} ELSE ${tree(input, steps.slice(middle))} END`;
}
