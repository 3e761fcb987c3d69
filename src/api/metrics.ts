import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { measureSources } from './source-metrics.ts';
import type { StoreService } from '../service/store-service.ts';

/** What Prometheus reads: the server's requests, its store, its process. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Gauges of prom-client that are named like counters; the sums of those without `_total` say the same. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Measures a server from now on. Names follow Prometheus's rules (`promtool check metrics`): base units, `_total` for counters alone. */
export function measure(app: FastifyInstance, service: StoreService): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const requests = new Histogram({
    name: 'peephole_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    requests.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    done();
  });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const flows = gauge('peephole_store_flows', 'Flows in the store');
  const bytes = gauge('peephole_store_bytes', 'Bytes of the store on disk');
  const inputs = gauge('peephole_store_inputs', 'Inputs taken in');
  const quarantined = gauge(
    'peephole_store_quarantined_lines',
    'Lines in quarantine, and objects and messages that could not be read',
  );
  const gaps = gauge(
    'peephole_store_gap_seconds',
    'Time without logs between the first and the last, in whole hours',
  );
  const newest = gauge(
    'peephole_store_newest_flow_timestamp_seconds',
    'When the newest flow began, Unix seconds',
  );
  const revision = gauge('peephole_store_revision', 'Commits to the store');
  const questions = new Gauge({
    name: 'peephole_questions',
    help: 'Questions that are being worked on, and that wait for it',
    labelNames: ['state'],
    registers: [registry],
  });
  const noteSources = measureSources(registry);
  return {
    contentType: registry.contentType,
    async text() {
      const [status, load, sources] = await Promise.all([
        service.status(),
        service.load(),
        service.sources(),
      ]);
      noteSources(sources);
      for (const state of ['at_work', 'waiting'] as const) questions.set({ state }, load[state]);
      flows.set(status.flows);
      bytes.set(status.bytes);
      inputs.set(status.inputs);
      quarantined.set(status.quarantined);
      gaps.set(status.gap_hours * 3600);
      newest.set(status.newest === null ? 0 : Date.parse(status.newest) / 1000 - 1);
      revision.set(status.revision);
      return registry.metrics();
    },
  };
}
