import { Type } from 'typebox';
import { stateProperties } from './findings-schemas.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

const target = Type.Object({
  address: Type.String(),
  port: nullable(Type.Number()),
  likely_service: nullable(Type.String({ description: 'The registered name of the port' })),
  protocol: nullable(Type.Number({ description: 'IANA protocol number' })),
  interface_id: nullable(Type.String()),
  public_address: nullable(Type.String()),
  name: nullable(Type.String()),
  service: nullable(Type.String()),
  since: nullable(Type.String({ description: 'When the address or its machine came into being' })),
});

const source = Type.Object({
  address: Type.String(),
  attempts: Type.Number({ description: 'As the finding counts them' }),
  per_hour: nullable(Type.Object({ min: Type.Number(), median: Type.Number(), max: Type.Number() })),
  interval_seconds: nullable(Type.Number()),
  first_seen: Type.String(),
  last_seen: Type.String(),
  state: Type.String({ description: 'steady, new, stopped or passing' }),
  name: nullable(Type.String()),
  country: nullable(Type.String()),
  asn: nullable(Type.Number()),
  as_name: nullable(Type.String()),
});

const finding = Type.Object({
  id: Type.String({ description: 'The same in every run of the investigation' }),
  kind: Type.String(),
  score: Type.Number({ description: '0 to 1' }),
  score_parts: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.Number(),
      weight: Type.Number(),
      text: Type.String(),
    }),
  ),
  verdict: Type.String({ description: 'rejected, refused, unanswered or accepted' }),
  target: nullable(target),
  target_count: Type.Number(),
  ports: Type.Array(Type.Number(), { description: 'Of a scan those that it tried most' }),
  port_count: Type.Number({ description: 'Different ports in all' }),
  sources: Type.Array(source, { description: 'Most attempts first, at most 1,000' }),
  source_count: Type.Number(),
  attempts: Type.Number(),
  counted: Type.String({ description: 'What one attempt is: connections (begun) or (flow) records' }),
  rejected_flows: Type.Number({ description: 'Rejected flow records that the finding accounts for' }),
  amounts: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.Number(),
      unit: Type.String({ description: 'bytes, usd, seconds, count or ratio' }),
      text: Type.String(),
    }),
  ),
  first_seen: Type.String(),
  last_seen: Type.String(),
  coverage: Type.Object({ hours: Type.Number(), unknown_hours: Type.Number() }),
  hourly: Type.Object({
    measure: Type.String({ description: 'attempts, bytes or flows' }),
    from: Type.String(),
    attempts: Type.Array(nullable(Type.Number()), { description: 'Null where unknown and none was seen' }),
    unknown: Type.Array(Type.Number(), { description: 'The places of all unknown hours' }),
  }),
  query: Type.Object({}, { additionalProperties: true, description: 'Selects the attempts' }),
  summary: Type.String(),
  evidence: Type.Array(
    Type.Object({
      text: Type.String(),
      query: nullable(Type.Object({}, { additionalProperties: true, description: 'A query' })),
    }),
  ),
  next_step: Type.String(),
  ...stateProperties,
});

export const knocksSchema = Type.Object(
  {
    range: nullable(Type.Object({ from: Type.String(), to: Type.String() })),
    range_investigated: nullable(
      Type.Object(
        { from: Type.String(), to: Type.String() },
        { description: 'The part of it that the findings are from' },
      ),
    ),
    notes: Type.Array(Type.String(), { description: 'What was left out or could not be known' }),
    totals: Type.Object({
      flows: Type.Number(),
      rejected_flows: Type.Number(),
      rejected_share: nullable(Type.Number()),
    }),
    findings: Type.Array(finding, { description: 'By score, highest first' }),
    rest: Type.Array(
      Type.Object({
        kind: Type.String(),
        what: Type.String(),
        flows: Type.Number(),
        sources: Type.Number(),
      }),
      { description: 'Rejected flows that no finding accounts for' },
    ),
    stats: Type.Object({ ms: Type.Number() }),
  },
  { title: 'Knocks' },
);
