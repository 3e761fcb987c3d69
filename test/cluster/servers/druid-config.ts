import { join } from 'node:path';

/** The coordinator is the overlord too. */
export const druidServices = [
  'coordinator',
  'historical',
  'historical2',
  'broker',
  'indexer',
  'router',
] as const;

export type DruidService = (typeof druidServices)[number];

export type DruidPorts = Readonly<Record<DruidService | 'zookeeper' | 'derby', number>>;

/** Megabytes. */
const heaps: Readonly<Record<DruidService, number>> = {
  coordinator: 320,
  historical: 320,
  historical2: 320,
  broker: 400,
  indexer: 512,
  router: 128,
};

/** What Druid's own scripts let it reach of Java 17. */
const opened = [
  '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED',
  '--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-opens=java.base/java.io=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED',
];

/** The arguments of Java for a service whose cluster's data is in a folder. */
export function serviceSettings(service: DruidService, folder: string, ports: DruidPorts): readonly string[] {
  const at = (name: string): string => join(folder, name).replaceAll('\\', '/');
  const settings: Readonly<Record<string, string>> = {
    'druid.extensions.loadList': '[]',
    'druid.host': '127.0.0.1',
    'druid.plaintextPort': String(ports[service]),
    'druid.zk.service.host': `127.0.0.1:${ports.zookeeper}`,
    'druid.metadata.storage.type': 'derby',
    'druid.metadata.storage.connector.host': '127.0.0.1',
    'druid.metadata.storage.connector.port': String(ports.derby),
    'druid.metadata.storage.connector.connectURI': `jdbc:derby://127.0.0.1:${ports.derby}/${at('derby')};create=true`,
    'druid.storage.type': 'local',
    'druid.storage.storageDirectory': at('segments'),
    'druid.indexer.logs.type': 'file',
    'druid.indexer.logs.directory': at('logs'),
    'druid.selectors.indexing.serviceName': 'druid/overlord',
    'druid.selectors.coordinator.serviceName': 'druid/coordinator',
    'druid.processing.numThreads': '1',
    'druid.processing.numMergeBuffers': '2',
    'druid.processing.buffer.sizeBytes': '30MiB',
    'druid.processing.tmpDir': at(`${service}/tmp`),
    'druid.server.http.numThreads': '24',
    'druid.lookup.enableLookupSyncOnStartup': 'false',
    'druid.startup.logging.logProperties': 'false',
    'druid.emitter': 'noop',
    ...own(service, at),
  };
  return [
    `-Xmx${heaps[service]}m`,
    '-XX:MaxDirectMemorySize=400m',
    '-XX:+UseSerialGC',
    // Many short-lived services on few processors: less work for the compiler.
    '-XX:TieredStopAtLevel=1',
    '-Duser.timezone=UTC',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${folder}`,
    `-Dderby.stream.error.file=${join(folder, 'derby.log')}`,
    ...opened,
    ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
  ];
}

/** All that waits, waits shortly: tests are about what happens, not about how late. */
function own(service: DruidService, at: (name: string) => string): Readonly<Record<string, string>> {
  switch (service) {
    case 'coordinator':
      return {
        'druid.coordinator.startDelay': 'PT1S',
        'druid.coordinator.period': 'PT1S',
        'druid.manager.segments.pollDuration': 'PT1S',
        'druid.coordinator.asOverlord.enabled': 'true',
        'druid.coordinator.asOverlord.overlordService': 'druid/overlord',
        'druid.indexer.queue.startDelay': 'PT1S',
        'druid.indexer.runner.type': 'httpRemote',
        'druid.indexer.storage.type': 'metadata',
      };
    case 'historical':
    case 'historical2':
      return {
        'druid.segmentCache.locations': JSON.stringify([{ path: at(`${service}/cache`), maxSize: '5g' }]),
        'druid.segmentCache.announceIntervalMillis': '100',
      };
    case 'broker':
      return { 'druid.sql.planner.metadataRefreshPeriod': 'PT2S', 'druid.broker.http.numConnections': '10' };
    case 'indexer':
      return { 'druid.worker.capacity': '6', 'druid.indexer.task.baseTaskDir': at('indexer/tasks') };
    case 'router':
      return { 'druid.router.managementProxy.enabled': 'true', 'druid.router.http.numConnections': '20' };
  }
}
