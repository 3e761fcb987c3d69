import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { collectSweeps, type Sweeper } from './collect-sweeps.ts';
import { sweepFinding } from './sweep-finding.ts';

/** Findings about machines that look for open ports outside: the rules let them, and hardly anybody answers. */
export async function searchSweeps(context: InvestigationContext): Promise<SearchResult> {
  if (!context.scope.columns.has('bytes')) return { findings: [], notes: [] };
  const { sweepers, full } = await collectSweeps(context);
  const notes = full
    ? ['Only the machines that tried the most addresses outside were examined for scans of the outside.']
    : [];
  if (sweepers.length === 0) return { findings: [], notes };
  const judged = await judgeContext(context, {
    addresses: sweepers.map(({ src }) => src),
    interfaces: sweepers.flatMap(({ interfaces }) => interfaces),
  });
  const origins = sweepers.filter((one) => !sweepers.some((other) => isPassedOnBy(other, one)));
  return {
    findings: origins.map((one) => {
      const copies = sweepers.filter((other) => isPassedOnBy(one, other));
      return sweepFinding(one, copies, judged);
    }),
    notes,
  };
}

/**
 * Whether what one machine sweeps is what another sent through it, as a NAT gateway: both tried the same addresses, and the other's
 * packets were logged at all interfaces that logged the one's. Where each interface logged both, the one with the busier hours passes on, for it has more behind it.
 */
function isPassedOnBy(origin: Sweeper, copy: Sweeper): boolean {
  if (origin === copy || !origin.same.has(copy.src)) return false;
  if (!copy.interfaces.every((face) => origin.interfaces.includes(face))) return false;
  if (origin.interfaces.length > copy.interfaces.length) return true;
  const [ofOrigin, ofCopy] = [recordsOf(origin), recordsOf(copy)];
  return ofOrigin < ofCopy || (ofOrigin === ofCopy && origin.src < copy.src);
}

function recordsOf({ active }: Sweeper): number {
  return active.reduce((sum, { records }) => sum + records, 0);
}
