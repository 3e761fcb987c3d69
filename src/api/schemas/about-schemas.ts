import { Type } from 'typebox';
import { aboutLists } from '../../model/about/about.ts';
import { findingStates } from '../../model/knocks/finding-state.ts';
import { nullOr, ref } from './named-schemas.ts';

const range = nullOr(Type.Object({ from: Type.String(), to: Type.String() }));
const query = Type.Object({}, { additionalProperties: true, description: 'A query that gives it' });
const text = nullOr(Type.String());
const amountFields = {
  flows: Type.Number(),
  bytes: Type.Number(),
  rejected_flows: Type.Number(),
};
const amounts = Type.Object(amountFields);
const value = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const listName = Type.Enum([...aboutLists]);

const row = Type.Object({
  value,
  protocol: nullOr(Type.Number()),
  name: text,
  country: text,
  as_name: text,
  peers: nullOr(Type.Number({ description: 'Of a port: different addresses at the other end' })),
  previous_flows: nullOr(Type.Number()),
  parts: Type.Array(
    Type.Object({
      value,
      protocol: nullOr(Type.Number()),
      name: text,
      flows: Type.Number(),
      rejected_flows: Type.Number(),
      query,
    }),
    { description: 'Of a peer: at which ports; of a port: with whom. Those with the most flows' },
  ),
  more_parts: Type.Number({ description: 'How many more there are' }),
  query,
  ...amountFields,
});

const side = Type.Object({
  totals: amounts,
  previous: nullOr(amounts),
  query,
  lists: Type.Array(
    Type.Object({
      list: listName,
      query,
      rows: Type.Array(row, { description: 'The most flows first, at most 25' }),
      groups: Type.Number({ description: 'How many different values there are' }),
      flows: Type.Number({ description: 'Of all of them' }),
    }),
  ),
});

const series = Type.Array(nullOr(amounts), { description: 'null: no logs, so nothing is known' });

export const aboutSchema = Type.Object(
  {
    kind: Type.String(),
    value: Type.String(),
    range,
    earlier: range,
    identity: Type.Object({
      name: text,
      facts: Type.Object({}, { additionalProperties: true, description: 'Of the address: kind, country, …' }),
      history: Type.Array(
        Type.Object({
          address: Type.String(),
          from: text,
          to: text,
          interface: text,
          name: text,
          service: text,
          instance: text,
          public_address: text,
          vpc: text,
          subnet: text,
          zone: text,
          account: text,
          groups: Type.Array(Type.String()),
          tags: Type.Object({}, { additionalProperties: true }),
          since: text,
        }),
        { description: 'What the inventory said, the latest first' },
      ),
    }),
    seen: nullOr(
      Type.Object(
        { first: Type.String(), last: Type.String(), hours: Type.Number(), queries: Type.Array(query) },
        { description: 'Over the whole store, by the hour' },
      ),
    ),
    over_time: Type.Object({
      bucket: Type.Enum(['PT1H', 'P1D']),
      from: text,
      inbound: series,
      outbound: nullOr(series),
      partial: Type.Array(Type.Number(), {
        description: 'Places of buckets of which some hours have no logs, or lost records',
      }),
      unknown_hours: Type.Number(),
    }),
    inbound: side,
    outbound: nullOr(side),
    changes: nullOr(
      Type.Array(
        Type.Object({
          side: Type.Enum(['inbound', 'outbound']),
          list: listName,
          what: Type.Enum(['new', 'gone', 'more', 'less']),
          value,
          protocol: nullOr(Type.Number()),
          name: text,
          flows: Type.Number(),
          previous_flows: Type.Number(),
          query,
        }),
        { description: 'Against the earlier range, the largest first' },
      ),
    ),
    more_changes: Type.Number(),
    notes: Type.Array(Type.String()),
    stats: Type.Object({ ms: Type.Number(), queries: Type.Number() }),
  },
  { title: 'About' },
);

export const mentionsSchema = Type.Object(
  {
    findings: Type.Array(
      Type.Object({
        id: Type.String(),
        kind: Type.String(),
        score: Type.Number(),
        state: Type.Enum([...findingStates]),
        summary: Type.String(),
        first_seen: Type.String(),
        last_seen: Type.String(),
        role: Type.Enum(['target', 'source']),
      }),
    ),
    visits: Type.Array(
      Type.Object({
        address: Type.String(),
        target: Type.String(),
        port: Type.Number(),
        visits: Type.Number(),
        first_at: Type.String(),
        last_at: Type.String(),
        summary: Type.String(),
      }),
      { description: 'At ports that were opened, the latest first' },
    ),
  },
  { title: 'Mentions' },
);

export const timeParameters = {
  type: 'object',
  properties: { last: ref('Duration'), from: ref('Instant'), to: ref('Instant') },
  additionalProperties: false,
};
