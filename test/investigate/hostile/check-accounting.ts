import type { Knocks } from '../../../src/model/knocks/knocks.ts';

/** Whether the findings and the rest hold each rejected flow once; a line for each thing that does not add up. */
export function troubleWithAccounting(knocks: Knocks): readonly string[] {
  const { findings, rest, totals } = knocks;
  const trouble = findings.flatMap(({ id, rejected_flows: flows }) =>
    Number.isInteger(flows) && flows >= 0 ? [] : [`${id} tells ${flows} rejected flows`],
  );
  for (const { what, flows, sources } of rest) {
    if (what.trim() === '') trouble.push('a part of the rest has no name');
    if (!(flows > 0) || !(sources >= 0) || sources > flows)
      trouble.push(`${what}: ${flows} flows of ${sources} sources`);
  }
  const told = findings.reduce((sum, { rejected_flows: flows }) => sum + flows, 0);
  const left = rest.reduce((sum, { flows }) => sum + flows, 0);
  if (told + left !== totals.rejected_flows)
    trouble.push(
      `${told} rejected flows in findings and ${left} besides are not the ${totals.rejected_flows} of all`,
    );
  return trouble;
}
