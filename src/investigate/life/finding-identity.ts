import { createHash } from 'node:crypto';
import type { FindingKind } from '../../model/knocks/finding-kinds.ts';
import type { Finding } from '../../model/knocks/knocks.ts';

/** What identifies a finding across runs: no counts, since these change. */
export interface Identity {
  /** Has to be equal: the kind, and what of the target, the source or the rule never changes. */
  readonly exact: string;
  /** What may change in part from run to run; `none`: nothing. */
  readonly parts: readonly string[];
  readonly partsAre: 'sources' | 'ports' | 'none';
  /**
   * Whether it is something that happened at a time, so that the same at another time is another finding: where it began
   * (a rule that changed), where it ended (what vanished), all of it (a machine that sent much), or no time at all.
   */
  readonly happened: 'at_first' | 'at_last' | 'during' | 'lasts';
}

/** Strangers that are new, stay and stop are one finding in different stages. */
const STRANGER = 'stranger';

/** What a finding of an investigation is recognized by; docs/knocks.md says it for each kind. */
export function identityOf(finding: Finding): Identity {
  const { kind, id } = finding;
  const sources = { parts: finding.sources.map(({ address }) => address), partsAre: 'sources' } as const;
  const none = { parts: [], partsAre: 'none' } as const;
  const exact = (...rest: readonly (string | number | null | undefined)[]): string =>
    [nameOf(kind), ...rest.map((one) => one ?? '-')].join('|');
  switch (kind) {
    case 'persistent_stranger':
    case 'new_stranger':
    case 'stopped_stranger':
    case 'brute_force':
      return { exact: exact(...targetOf(finding)), ...sources, happened: 'lasts' };
    case 'misconfigured_client':
    case 'scan':
    case 'backscatter':
    case 'cost':
      return { exact: id, ...none, happened: 'lasts' };
    case 'spoofed_backscatter':
      return finding.target === null
        ? { exact: exact(...targetOf(finding)), ...sources, happened: 'lasts' }
        : { exact: id, ...none, happened: 'lasts' };
    case 'exposed_service':
      // The group of ports is in the id. One more port of a group is a new exposure; of thousands none is.
      return id.endsWith(':many_ports')
        ? { exact: id, ...none, happened: 'lasts' }
        : { exact: id, parts: finding.ports.map(String), partsAre: 'ports', happened: 'lasts' };
    case 'outbound_beacon':
      return {
        exact: exact(finding.target?.address, finding.target?.port, finding.target?.protocol),
        ...sources,
        happened: 'lasts',
      };
    case 'rejected_after_change':
      return { exact: exact(...targetOf(finding), ...finding.ports), ...sources, happened: 'at_first' };
    case 'newly_accepted':
      // If everybody is accepted, it does not matter who connected.
      return id.endsWith(':outside')
        ? { exact: id, ...none, happened: 'at_first' }
        : { exact: exact(...targetOf(finding)), ...sources, happened: 'at_first' };
    case 'vanished':
      return { exact: id, ...none, happened: 'at_last' };
    case 'outbound_volume':
      return { exact: id, ...none, happened: 'during' };
    case 'lateral_spread':
      // A machine that always did so is not an event.
      return { exact: id, ...none, happened: id.endsWith(':steady') ? 'lasts' : 'during' };
    case 'guessing_succeeded':
      // The beginning of the session is in the id.
      return { exact: id, ...none, happened: 'lasts' };
  }
}

/** Which address and port, at which interface; of several ports or addresses only that: they change. */
function targetOf({ target }: Finding): readonly (string | number | null)[] {
  if (target === null) return ['several addresses'];
  return [target.interface_id, target.address, target.port ?? 'several ports', target.protocol];
}

function nameOf(kind: FindingKind): string {
  return kind.endsWith('_stranger') ? STRANGER : kind;
}

/**
 * A short id that people can type, such as `stranger-3f9a1c02`: the same in every run as long as the finding is
 * recognized by the same. A finding of one source has another id than one of another source at the same target.
 */
export function shortId(finding: Finding, { exact, partsAre, parts, happened }: Identity): string {
  const when =
    happened === 'at_first' || happened === 'during'
      ? finding.first_seen
      : happened === 'at_last'
        ? finding.last_seen
        : '';
  const only = partsAre === 'sources' && finding.source_count === 1 ? (parts[0] ?? '') : '';
  const hash = createHash('sha256').update(`${exact}\n${when}\n${only}`).digest('hex');
  return `${nameOf(finding.kind)}-${hash.slice(0, 8)}`;
}
