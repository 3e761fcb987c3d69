import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import type { Knocks, FindingWithState } from '../model/knocks/knocks.ts';
import { ocsfFindings } from './ocsf-findings.ts';

// The class Detection Finding of OCSF 1.3.0 as far as events here use it: every attribute that it requires is required,
// enumerations are whole, and no object takes an attribute that the schema does not have (schema.ocsf.io/1.3.0).

const closed = { additionalProperties: false };
const time = Type.Integer({ minimum: 0 });
const endpoint = Type.Object(
  {
    ip: Type.String({ minLength: 1 }),
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    name: Type.Optional(Type.String()),
    hostname: Type.Optional(Type.String()),
    interface_uid: Type.Optional(Type.String()),
    svc_name: Type.Optional(Type.String()),
    location: Type.Optional(Type.Object({ country: Type.String({ minLength: 2, maxLength: 2 }) }, closed)),
    autonomous_system: Type.Optional(
      Type.Object({ number: Type.Integer(), name: Type.Optional(Type.String()) }, closed),
    ),
  },
  closed,
);
const detectionFinding = Compile(
  Type.Object(
    {
      activity_id: Type.Enum([0, 1, 2, 3, 99]),
      activity_name: Type.String(),
      category_uid: Type.Literal(2),
      category_name: Type.Literal('Findings'),
      class_uid: Type.Literal(2004),
      class_name: Type.Literal('Detection Finding'),
      type_uid: Type.Enum([200_400, 200_401, 200_402, 200_403, 200_499]),
      type_name: Type.String(),
      time,
      start_time: time,
      end_time: time,
      count: Type.Integer(),
      severity_id: Type.Enum([0, 1, 2, 3, 4, 5, 6, 99]),
      severity: Type.String(),
      confidence_id: Type.Enum([0, 1, 2, 3, 99]),
      confidence: Type.String(),
      confidence_score: Type.Integer({ minimum: 0, maximum: 100 }),
      status_id: Type.Enum([0, 1, 2, 3, 4, 99]),
      status: Type.String(),
      status_detail: Type.Optional(Type.String()),
      comment: Type.Optional(Type.String()),
      message: Type.String(),
      metadata: Type.Object(
        {
          version: Type.Literal('1.3.0'),
          product: Type.Object(
            { name: Type.String(), vendor_name: Type.String(), version: Type.Optional(Type.String()) },
            closed,
          ),
          event_code: Type.Optional(Type.String()),
        },
        closed,
      ),
      finding_info: Type.Object(
        {
          uid: Type.String({ minLength: 1 }),
          title: Type.String({ minLength: 1 }),
          desc: Type.String(),
          types: Type.Array(Type.String()),
          first_seen_time: time,
          last_seen_time: time,
          created_time: Type.Optional(time),
          modified_time: Type.Optional(time),
          data_sources: Type.Array(Type.String()),
          analytic: Type.Object(
            {
              uid: Type.String(),
              name: Type.String(),
              type_id: Type.Enum([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]),
              type: Type.String(),
              version: Type.String(),
            },
            closed,
          ),
        },
        closed,
      ),
      evidences: Type.Array(
        Type.Object(
          {
            src_endpoint: Type.Optional(endpoint),
            dst_endpoint: Type.Optional(endpoint),
            connection_info: Type.Optional(
              Type.Object(
                {
                  direction_id: Type.Enum([0, 1, 2, 3, 99]),
                  direction: Type.String(),
                  protocol_num: Type.Optional(Type.Integer()),
                },
                closed,
              ),
            ),
            data: Type.Object({}, { additionalProperties: true }),
          },
          closed,
        ),
      ),
      resources: Type.Array(
        Type.Object({ uid: Type.String(), name: Type.String(), type: Type.String() }, closed),
      ),
      observables: Type.Array(
        Type.Object(
          { name: Type.String(), type_id: Type.Enum([2, 11]), type: Type.String(), value: Type.String() },
          closed,
        ),
      ),
      remediation: Type.Object({ desc: Type.String() }, closed),
    },
    closed,
  ),
);

const finding: FindingWithState = {
  id: 'stranger-00000001',
  kind: 'new_stranger',
  score: 0.72,
  score_parts: [],
  verdict: 'rejected',
  target: {
    address: '10.0.0.5',
    port: 9092,
    likely_service: 'XmlIpcRegSvc',
    protocol: 6,
    interface_id: 'eni-1',
    public_address: null,
    name: 'web-1\n{"class_uid":1}',
    service: 'EC2 instance',
    since: null,
  },
  target_count: 1,
  ports: [9092],
  port_count: 1,
  sources: Array.from({ length: 150 }, (_, at) => ({
    address: `198.51.100.${at}`,
    attempts: 40,
    per_hour: null,
    interval_seconds: null,
    first_seen: '2024-01-10T00:00:00Z',
    last_seen: '2024-01-10T07:00:00Z',
    state: 'steady' as const,
    name: null,
    country: at === 0 ? null : 'DE',
    asn: at === 0 ? null : 64_500,
    as_name: at === 1 ? null : 'EXAMPLE',
  })),
  source_count: 150,
  attempts: 6000,
  counted: 'connections',
  rejected_flows: 6000,
  amounts: [],
  first_seen: '2024-01-10T00:00:00Z',
  last_seen: '2024-01-10T07:00:00Z',
  coverage: { hours: 8, unknown_hours: 0 },
  hourly: { measure: 'attempts', from: '2024-01-10T00:00:00Z', attempts: [1], unknown: [] },
  query: {},
  summary: 'They try.',
  evidence: [
    { text: 'a query', query: { measures: ['flows'] } },
    { text: 'a fact', query: null },
  ],
  next_step: 'Look.',
  state: 'new',
  state_info: { since: null, until: null, note: null, reason: null, first_told: null },
};

const NOW = Date.UTC(2024, 0, 11);
const eventsOf = (...findings: readonly FindingWithState[]): readonly Readonly<Record<string, unknown>>[] => {
  const knocks: Knocks = {
    range: null,
    range_investigated: null,
    notes: [],
    totals: { flows: 0, rejected_flows: 0, rejected_share: null },
    findings,
    rest: [],
    stats: { ms: 1 },
  };
  const text = ocsfFindings(knocks, '1.2.3', NOW);
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>); // prettier-ignore
};

test.each([
  ['new', 1, 200_401],
  ['known', 2, 200_402],
  ['acknowledged', 3, 200_402],
  ['muted', 3, 200_402],
  ['solved', 4, 200_403],
] as const)('a finding that is %s is an event of the schema', (state, status, type) => {
  const info = {
    since: '2024-01-10T08:00:00Z',
    until: null,
    note: 'why',
    reason: 'It came back.',
    first_told: '2024-01-10T08:00:00Z',
  };
  const [event] = eventsOf({ ...finding, state, state_info: info });
  expect(detectionFinding.Errors(event)).toEqual([]);
  expect(event).toMatchObject({
    status_id: status,
    type_uid: type,
    time: NOW,
    severity_id: 4,
    comment: 'why',
    status_detail: 'It came back.',
    start_time: Date.parse(finding.first_seen),
    finding_info: { uid: finding.id, created_time: Date.UTC(2024, 0, 10, 8) },
  });
});

test('one line each, with as many sources as a line can carry; what goes out names our machines as resources', () => {
  const kinds = ['cost', 'outbound_beacon', 'scan'] as const;
  const events = eventsOf(finding, ...kinds.map((kind) => ({ ...finding, kind, target: kind === 'outbound_beacon' ? finding.target : null }))); // prettier-ignore
  expect(events.flatMap((event) => detectionFinding.Errors(event))).toEqual([]);
  expect(events.map(({ severity_id: id }) => id)).toEqual([4, 1, 4, 4]);
  const [first, cost, beacon, scan] = events as unknown as readonly {
    readonly evidences: readonly { readonly connection_info?: { readonly direction: string } }[];
    readonly resources: readonly { readonly uid: string }[];
    readonly observables: readonly object[];
  }[];
  expect(first?.evidences).toHaveLength(102);
  expect(first?.resources).toEqual([{ uid: 'eni-1', name: 'web-1\n{"class_uid":1}', type: 'EC2 instance' }]);
  expect(first?.observables).toHaveLength(102);
  expect(beacon?.evidences[0]?.connection_info?.direction).toBe('Outbound');
  expect(cost?.resources[0]?.uid).toBe('198.51.100.0');
  expect(scan?.resources).toEqual([]);
  expect(eventsOf()).toEqual([]);
});
