import { Gauge, type Registry } from 'prom-client';
import { unreadableObjects, type SourceStatus } from '../model/source-status.ts';

/** Gauges of the followed sources. The returned function sets them. */
export function measureSources(registry: Registry): (sources: readonly SourceStatus[]) => void {
  const perSource = (name: string, help: string): Gauge<'source'> =>
    new Gauge({ name, help, labelNames: ['source'], registers: [registry] });
  const sourceLag = perSource('peephole_source_lag_seconds', 'What was read last is behind what there is');
  const sourceWaiting = perSource(
    'peephole_source_waiting_objects',
    'Objects or messages that wait to be read',
  );
  const sourceRecords = perSource('peephole_source_records', 'Records that came from a source');
  const sourceObjects = perSource('peephole_source_objects', 'Objects that came from a source');
  const sourceUnreadable = perSource(
    'peephole_source_unreadable_objects',
    'Objects and messages that can’t be read as they are',
  );
  const sourceRate = perSource('peephole_source_records_per_second', 'Records a second over the last minute');
  const sourceSuccess = perSource(
    'peephole_source_last_success_timestamp_seconds',
    'When something of it was last committed, Unix seconds',
  );
  const sourceState = new Gauge({
    name: 'peephole_source_state',
    help: '1 for the state that a source is in',
    labelNames: ['source', 'state'],
    registers: [registry],
  });
  return (sources) => {
    for (const gauge of [
      sourceLag,
      sourceWaiting,
      sourceRecords,
      sourceObjects,
      sourceUnreadable,
      sourceRate,
      sourceSuccess,
    ])
      gauge.reset();
    sourceState.reset();
    for (const status of sources) {
      const source = status.id;
      if (status.lag_seconds !== null) sourceLag.set({ source }, status.lag_seconds);
      if (status.lag_objects !== null) sourceWaiting.set({ source }, status.lag_objects);
      sourceRecords.set({ source }, status.records);
      sourceObjects.set({ source }, status.objects);
      sourceUnreadable.set({ source }, unreadableObjects(status));
      sourceRate.set({ source }, status.rate);
      if (status.last_success !== null) sourceSuccess.set({ source }, Date.parse(status.last_success) / 1000);
      sourceState.set({ source, state: status.state }, 1);
    }
  };
}
