import type { FindingKind } from '../../model/knocks/finding-kinds.ts';
import type { Finding } from '../../model/knocks/knocks.ts';
import type { KnocksSettings } from '../../model/knocks/knocks-settings.ts';
import { count, list } from '../wording.ts';

/** The kinds of findings that scanners of one's own cause. */
const scanning: ReadonlySet<FindingKind> = new Set(['scan', 'lateral_spread']);

/** Leaves out findings about scanners of one's own, with a note. */
export function hideAllowed(
  findings: readonly Finding[],
  { allowedScanners }: KnocksSettings,
): {
  readonly shown: readonly Finding[];
  readonly hidden: readonly Finding[];
  readonly note: readonly string[];
} {
  const allowed = new Set(allowedScanners);
  const isHidden = ({ kind, sources }: Finding): boolean =>
    scanning.has(kind) && sources.length > 0 && sources.every(({ address }) => allowed.has(address));
  const hidden = findings.filter(isHidden);
  if (hidden.length === 0) return { shown: findings, hidden, note: [] };
  const what = hidden.map(({ kind, sources }) => `${kind} of ${sources[0]?.address ?? ''}`);
  return {
    shown: findings.filter((finding) => !isHidden(finding)),
    hidden,
    note: [`${count(hidden.length, 'finding')} hidden by the allow-list of scanners: ${list(what, 20)}.`],
  };
}
