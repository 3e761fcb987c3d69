import type { FindingState } from '../model/knocks/finding-state.ts';
import { directionOf } from '../model/knocks/finding-words.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import type { Knocks, KnockSource, KnockTarget, FindingWithState } from '../model/knocks/knocks.ts';

/** The version of the Open Cybersecurity Schema Framework that the events keep to. */
const OCSF_VERSION = '1.3.0';
/** The most sources in an event: SIEMs limit the size of a line. */
const MOST_SOURCES = 100;

const directionIds = { in: [1, 'Inbound'], out: [2, 'Outbound'], inside: [3, 'Lateral'] } as const;

/** The status of a finding there (`status_id`), and what is done with it (`activity_id`). */
const statuses: Readonly<Record<FindingState, { readonly status: readonly [number, string]; readonly activity: readonly [number, string] }>> = {
  new: { status: [1, 'New'], activity: [1, 'Create'] },
  known: { status: [2, 'In Progress'], activity: [2, 'Update'] },
  acknowledged: { status: [3, 'Suppressed'], activity: [2, 'Update'] },
  muted: { status: [3, 'Suppressed'], activity: [2, 'Update'] },
  solved: { status: [4, 'Resolved'], activity: [3, 'Close'] },
}; // prettier-ignore

/**
 * The findings of an investigation as JSON lines for a SIEM: OCSF events of the class Detection Finding (2004), one a
 * finding, with no attribute that schema.ocsf.io/1.3.0/classes/detection_finding does not have. Empty without findings.
 *
 * @param now Unix milliseconds: when they are reported
 */
export function ocsfFindings(knocks: Knocks, productVersion: string, now: number): string {
  return knocks.findings
    .map((finding) => `${JSON.stringify(ocsfFinding(finding, productVersion, now))}\n`)
    .join('');
}

function ocsfFinding(
  finding: FindingWithState,
  productVersion: string,
  now: number,
): Readonly<Record<string, unknown>> {
  const { state_info: info } = finding;
  const { status, activity } = statuses[finding.state];
  const [severityId, severity] = severityOf(finding);
  const [confidenceId, confidence] =
    finding.score >= 0.6 ? [3, 'High'] : finding.score >= 0.35 ? [2, 'Medium'] : [1, 'Low'];
  const first = Date.parse(finding.first_seen);
  const last = Date.parse(finding.last_seen);
  return {
    activity_id: activity[0],
    activity_name: activity[1],
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200_400 + activity[0],
    type_name: `Detection Finding: ${activity[1]}`,
    time: now,
    start_time: first,
    end_time: last,
    count: finding.attempts,
    severity_id: severityId,
    severity,
    confidence_id: confidenceId,
    confidence,
    confidence_score: Math.round(finding.score * 100),
    status_id: status[0],
    status: status[1],
    ...(info.reason === null ? {} : { status_detail: info.reason }),
    ...(info.note === null ? {} : { comment: info.note }),
    message: finding.summary,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Peephole', vendor_name: 'Peephole', version: productVersion },
      event_code: finding.kind,
    },
    finding_info: {
      uid: finding.id,
      title: kindWords[finding.kind].name,
      desc: finding.summary,
      types: [finding.kind],
      first_seen_time: first,
      last_seen_time: last,
      ...(info.first_told === null ? {} : { created_time: Date.parse(info.first_told) }),
      ...(info.since === null ? {} : { modified_time: Date.parse(info.since) }),
      data_sources: ['AWS VPC Flow Logs'],
      analytic: {
        uid: finding.kind,
        name: kindWords[finding.kind].name,
        type_id: 2,
        type: 'Behavioral',
        version: productVersion,
      },
    },
    evidences: evidencesOf(finding),
    resources: resourcesOf(finding),
    observables: observablesOf(finding),
    remediation: { desc: finding.next_step },
  };
}

/** What traffic costs is no threat; all else weighs as its score. */
function severityOf({ kind, score }: FindingWithState): readonly [number, string] {
  if (kind === 'cost') return [1, 'Informational'];
  if (score >= 0.6) return [4, 'High'];
  return score >= 0.35 ? [3, 'Medium'] : [2, 'Low'];
}

/** Each source with the target, and then the sentences with the queries behind them. */
function evidencesOf(finding: FindingWithState): readonly unknown[] {
  const { target, sources } = finding;
  const [directionId, direction] = directionIds[directionOf(finding)];
  const protocol = target?.protocol ?? null;
  return [
    ...sources.slice(0, MOST_SOURCES).map((source) => ({
      src_endpoint: sourceEndpoint(source),
      ...(target === null ? {} : { dst_endpoint: targetEndpoint(target) }),
      connection_info: {
        direction_id: directionId,
        direction,
        ...(protocol === null ? {} : { protocol_num: protocol }),
      },
      data: {
        attempts: source.attempts,
        counted: finding.counted,
        first_seen: source.first_seen,
        last_seen: source.last_seen,
        verdict: finding.verdict,
      },
    })),
    ...finding.evidence.map(({ text, query }) => ({ data: query === null ? { text } : { text, query } })),
  ];
}

function sourceEndpoint({ address, name, country, asn, as_name: operator }: KnockSource): object {
  return {
    ip: address,
    ...(name === null ? {} : { name }),
    ...(country === null ? {} : { location: { country } }),
    ...(asn === null
      ? {}
      : { autonomous_system: { number: asn, ...(operator === null ? {} : { name: operator }) } }),
  };
}

function targetEndpoint(target: KnockTarget): object {
  return {
    ip: target.address,
    ...(target.port === null ? {} : { port: target.port }),
    ...(target.name === null ? {} : { name: target.name }),
    ...(target.interface_id === null ? {} : { interface_uid: target.interface_id }),
    ...(target.likely_service === null ? {} : { svc_name: target.likely_service }),
  };
}

/** Machines of ours that a finding is about. */
function resourcesOf(finding: FindingWithState): readonly object[] {
  const { target, sources } = finding;
  if (directionOf(finding) === 'in')
    return target === null
      ? []
      : [
          {
            uid: target.interface_id ?? target.address,
            name: target.name ?? target.address,
            type: target.service ?? 'address',
          },
        ];
  return sources
    .slice(0, MOST_SOURCES)
    .map(({ address, name }) => ({ uid: address, name: name ?? address, type: 'address' }));
}

function observablesOf({ target, sources }: FindingWithState): readonly object[] {
  const address = (name: string, value: string): object => ({
    name,
    type_id: 2,
    type: 'IP Address',
    value,
  });
  return [
    ...sources
      .slice(0, MOST_SOURCES)
      .map((source) => address('evidences[].src_endpoint.ip', source.address)),
    ...(target === null
      ? []
      : [
          address('evidences[].dst_endpoint.ip', target.address),
          ...(target.port === null
            ? []
            : [{ name: 'evidences[].dst_endpoint.port', type_id: 11, type: 'Port', value: String(target.port) }]),
        ]),
  ]; // prettier-ignore
}
