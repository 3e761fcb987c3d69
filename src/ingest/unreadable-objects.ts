import { otherKindIn } from '../decode/kinds/flow-evidence.ts';
import type { SourceRegister } from '../engine/source-register.ts';
import type { UnreadableReason } from '../model/source-status.ts';

/** So many reasons are told; the rest is counted together. */
const MOST_REASONS = 20;

/** What could not be read of each source, by its name, the most frequent reason first. What is no flow log does not count. */
export async function unreadableBySource(
  register: SourceRegister,
): Promise<ReadonlyMap<string, readonly UnreadableReason[]>> {
  const bySource = new Map<string, UnreadableReason[]>();
  for (const { source, reason, objects, example } of await register.unreadable()) {
    if (otherKindIn(reason) !== null) continue;
    const others = bySource.get(source) ?? [];
    bySource.set(source, [...others, { reason, objects, example }]);
  }
  for (const reasons of bySource.values()) {
    reasons.sort((a, b) => b.objects - a.objects);
    const [rest, ...others] = reasons.splice(MOST_REASONS);
    if (rest === undefined) continue;
    const objects = others.reduce((sum, other) => sum + other.objects, rest.objects);
    reasons.push({ reason: 'For other reasons.', objects, example: rest.example });
  }
  return bySource;
}
