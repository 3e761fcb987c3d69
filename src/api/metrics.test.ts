import { expect, test } from 'vitest';
import { useApp } from '../../test/support/use-app.ts';

const appWith = useApp();

test('gives Prometheus the figures of the store', async () => {
  const status = {
    flows: 7,
    bytes: 8,
    inputs: 9,
    quarantined: 1,
    gap_hours: 2,
    revision: 3,
    range: { from: '', to: '2018-06-20T00:00:01Z' },
    newest: '2018-06-20T00:00:01Z',
  };
  const source = {
    id: 'kafka:flows',
    kind: 'kafka',
    state: 'live',
    lag_seconds: 1.5,
    lag_objects: null,
    records: 40,
    objects: 0,
    rate: 2,
    last_success: '2018-06-20T00:00:00.000Z',
    last_error: null,
    unreadable: [
      { reason: 'cut', objects: 2, example: 'a' },
      { reason: 'odd', objects: 1, example: 'b' },
    ],
    warnings: [],
    next_try: null,
  };
  const answers: Readonly<Record<string, unknown>> = {
    load: { at_work: 2, waiting: 5 },
    sources: [source],
  };
  const server = await appWith(async (method) => answers[method] ?? status);
  await server.inject({ url: '/healthz' });
  const { body } = await server.inject({ url: '/metrics' });
  for (const line of [
    'peephole_store_flows 7',
    'peephole_store_gap_seconds 7200',
    'peephole_store_newest_flow_timestamp_seconds 1529452800',
    'peephole_store_revision 3',
    'peephole_questions{state="at_work"} 2',
    'peephole_questions{state="waiting"} 5',
    'peephole_source_lag_seconds{source="kafka:flows"} 1.5',
    'peephole_source_unreadable_objects{source="kafka:flows"} 3',
    'peephole_source_records{source="kafka:flows"} 40',
    'peephole_source_last_success_timestamp_seconds{source="kafka:flows"} 1529452800',
    'peephole_source_state{source="kafka:flows",state="live"} 1',
  ]) {
    expect(body.split('\n')).toContain(line);
  }
  expect(body).toMatch(/peephole_http_request_seconds_count\{[^}]*route="\/healthz"[^}]*\} 1/);
});
