import { Type } from 'typebox';
import { addressForm } from '../../model/query/address-form.ts';
import { MOST_LISTED_VISITS } from '../../model/visits/parse-door.ts';
import { ref } from './named-schemas.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

export const doorQuerySchema = {
  type: 'object',
  properties: {
    last: ref('Duration'),
    from: ref('Instant'),
    to: ref('Instant'),
    port: {
      type: 'array',
      maxItems: 100,
      items: { type: 'integer', minimum: 0, maximum: 65_535 },
      description: 'Only these ports of the machine',
    },
    source: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string', pattern: addressForm },
      description: 'Only visits from these addresses',
    },
    limit: {
      type: 'integer',
      minimum: 0,
      maximum: MOST_LISTED_VISITS,
      description: 'How many visits are listed; 200 by default',
    },
  },
  additionalProperties: false,
};

const want = {
  kind: Type.String({ description: 'The protocol: http, tls, ssh, …; other; silent' }),
  host: Type.String({ description: 'The host that they mean: HTTP’s Host, TLS’s server name; empty: none' }),
  request: Type.String({ description: 'In short: POST /v1/ingest' }),
  agent: Type.String({ description: 'What the client says it is' }),
};

const end = Type.Object({ address: Type.String(), port: Type.Number() });

const visit = Type.Object({
  id: Type.String(),
  at: Type.String(),
  protocol: Type.String(),
  source: end,
  target: end,
  port: Type.Number({ description: 'Of the target' }),
  kind: Type.String(),
  http: Type.Optional(
    Type.Object({
      method: Type.String(),
      path: Type.String(),
      version: Type.String(),
      host: Type.String(),
      user_agent: Type.String(),
      headers: Type.Array(Type.Array(Type.String())),
      body: Type.String({ description: 'Its start' }),
    }),
  ),
  tls: Type.Optional(
    Type.Object({
      server_name: Type.String(),
      alpn: Type.Array(Type.String()),
      versions: Type.Array(Type.String()),
      ja4: Type.String(),
      completed: Type.Boolean(),
    }),
  ),
  details: Type.Optional(Type.Record(Type.String(), Type.String())),
  bytes: Type.Number({ description: 'Received' }),
  sent: Type.Number(),
  preview: Type.String({ description: 'The first bytes, in printable ASCII' }),
  truncated: Type.Boolean(),
  duration: Type.Number({ description: 'Milliseconds' }),
  ended: Type.String(),
});

const query = nullable(Type.Object({}, { additionalProperties: true }));

export const doorSchema = Type.Object(
  {
    range: nullable(Type.Object({ from: Type.String(), to: Type.String() })),
    totals: Type.Object({
      visits: Type.Number(),
      sources: Type.Number(),
      bytes: Type.Number(),
      unkept: Type.Number({ description: 'Past a bound of the listener: counted, and not kept' }),
    }),
    notes: Type.Array(Type.String()),
    conclusions: Type.Array(
      Type.Object({
        finding: nullable(
          Type.Object({
            id: Type.String(),
            kind: Type.String(),
            source_count: Type.Number(),
            summary: Type.String(),
            state: Type.Optional(
              Type.String({ description: 'new, known, acknowledged, muted or solved, as it is kept' }),
            ),
          }),
        ),
        target: Type.Object({ address: nullable(Type.String()), port: Type.Number() }),
        state: Type.String({ description: 'solved or open' }),
        came: Type.Number(),
        host: Type.String(),
        summary: Type.String(),
        evidence: Type.Array(Type.Object({ text: Type.String(), query, visits: Type.Array(Type.String()) })),
        missing: Type.Array(Type.String()),
        next_step: Type.String(),
      }),
    ),
    groups: Type.Array(
      Type.Object({
        ...want,
        port: Type.Number(),
        protocol: Type.String(),
        visits: Type.Number(),
        source_count: Type.Number(),
        first_at: Type.String(),
        last_at: Type.String(),
        example: Type.String(),
      }),
    ),
    sources: Type.Array(
      Type.Object({
        address: Type.String(),
        name: nullable(Type.String()),
        country: nullable(Type.String()),
        as_name: nullable(Type.String()),
        target: Type.String(),
        port: Type.Number(),
        protocol: Type.String(),
        visits: Type.Number(),
        first_at: Type.String(),
        last_at: Type.String(),
        interval_seconds: nullable(Type.Number()),
        want: Type.Object(want),
        wanting: Type.Number(),
        example: Type.String(),
        knocks: nullable(
          Type.Object({
            finding: Type.String(),
            attempts: Type.Number(),
            counted: Type.String(),
            first_seen: Type.String(),
            last_seen: Type.String(),
          }),
        ),
        summary: Type.String(),
      }),
    ),
    timeline: Type.Object({
      bucket_seconds: Type.Number(),
      from: nullable(Type.String()),
      series: Type.Array(Type.Object({ label: Type.String(), visits: Type.Array(Type.Number()) })),
    }),
    visits: Type.Array(visit, { description: 'The latest first' }),
    left_out: Type.Object({ groups: Type.Number(), sources: Type.Number(), visits: Type.Number() }),
  },
  { title: 'Door' },
);
