import { BATCH, storedFields } from '../../sql/dialects/druid/druid-layout.ts';
import type { KafkaAddress, SegmentGranularity } from '../store-driver.ts';
import { consumerProperties } from './consumer-properties.ts';
import { ROLLUP_CHOICE } from './data-source-choices.ts';
import {
  FLOWS,
  largestName,
  rolledUpAmounts,
  rolledUpFields,
  rolledUpPort,
} from '../../sql/dialects/druid/druid-table.ts';
import type { DruidServer } from './druid-server.ts';
import { TIME } from './lines-of-batch.ts';

/** How rows lie in a data source: one by one, or added up by the hour. */
export interface Layout {
  readonly datasource: string;
  /** The topic that its rows come by, if they come through Kafka: that of all data sources of the store. */
  readonly topic: string;
  readonly rolledUp: boolean;
  /** The time that a new segment is of. */
  readonly segments: SegmentGranularity;
}

/** How rows lie in one of a server's data sources. */
export function layoutOf(server: DruidServer, datasource: string, segments: SegmentGranularity): Layout {
  return { datasource, topic: server.datasource, rolledUp: datasource === server.rollupName, segments };
}

/** A native batch task (`index_parallel`) that appends rows to a data source. @param lines a JSON object each */
export function appendTask(id: string, layout: Layout, lines: string): object {
  return {
    type: 'index_parallel',
    id,
    // Compaction and other tasks may be at the same days meanwhile.
    context: { useConcurrentLocks: true },
    spec: {
      dataSchema: dataSchema(layout),
      ioConfig: {
        type: 'index_parallel',
        inputSource: { type: 'inline', data: lines },
        inputFormat: { type: 'json' },
        appendToExisting: true,
      },
      tuningConfig: {
        type: 'index_parallel',
        partitionsSpec: { type: 'dynamic' },
        maxNumConcurrentSubTasks: 1,
        // A row that Druid can't read is a fault of ours, and never left out in silence.
        maxParseExceptions: 0,
      },
    },
  };
}

/** A task that replaces all rows of some days by none. @param intervals of whole days (UTC), as ISO 8601 has them */
export function emptyTask(id: string, datasource: string, intervals: readonly string[]): object {
  return {
    type: 'index_parallel',
    id,
    context: { useConcurrentLocks: true },
    spec: {
      dataSchema: {
        dataSource: datasource,
        timestampSpec: { column: TIME, format: 'millis' },
        dimensionsSpec: { dimensions: [BATCH] },
        metricsSpec: [],
        granularitySpec: { segmentGranularity: 'DAY', queryGranularity: 'NONE', rollup: false, intervals },
      },
      ioConfig: {
        type: 'index_parallel',
        inputSource: { type: 'inline', data: '\n' },
        inputFormat: { type: 'json' },
        appendToExisting: false,
        dropExisting: true,
      },
      tuningConfig: {
        type: 'index_parallel',
        partitionsSpec: { type: 'dynamic' },
        maxNumConcurrentSubTasks: 1,
      },
    },
  };
}

/** A supervisor that reads a data source's rows from its topic. @param consumer properties by which it reaches the brokers */
export function supervisorSpec(
  layout: Layout,
  kafka: KafkaAddress,
  partitions: number,
  consumer = consumerProperties(kafka),
): object {
  return {
    type: 'kafka',
    context: { useConcurrentLocks: true },
    spec: {
      dataSchema: dataSchema(layout),
      ioConfig: {
        topic: layout.topic,
        inputFormat: { type: 'json' },
        consumerProperties: consumer,
        // Only the first time: from then on Druid keeps offsets with the segments.
        useEarliestOffset: true,
        taskCount: partitions,
        replicas: 1,
        taskDuration: 'PT10M',
        startDelay: 'PT1S',
        period: 'PT5S',
        completionTimeout: 'PT30M',
      },
      tuningConfig: { type: 'kafka', maxParseExceptions: 0 },
    },
  };
}

function dataSchema({ datasource, rolledUp, segments }: Layout): object {
  const kept = storedFields.filter(({ name }) => !rolledUp || rolledUpFields.includes(name));
  const dimensions = [...kept.map(({ name, type }) => dimension(name, type)), dimension(BATCH, 'string')];
  const port = { type: 'expression', name: 'dstport', expression: rolledUpPort };
  return {
    dataSource: datasource,
    timestampSpec: { column: TIME, format: 'millis' },
    ...(rolledUp ? { transformSpec: { transforms: [port] } } : {}),
    dimensionsSpec: { dimensions },
    metricsSpec: rolledUp ? rolledUpMetrics : [],
    granularitySpec: {
      segmentGranularity: segments.toUpperCase(),
      queryGranularity: rolledUp ? 'HOUR' : 'NONE',
      rollup: rolledUp,
    },
  };
}

/** The count comes last: while a row is added, whoever finds it counted finds its amounts added up. */
const rolledUpMetrics: readonly object[] = [
  ...rolledUpAmounts.flatMap((name) => [
    { type: 'longSum', name, fieldName: name },
    { type: 'longMax', name: largestName(name), fieldName: name },
  ]),
  { type: 'count', name: FLOWS },
];

/**
 * How Druid is to bring a data source's segments together (POST /druid/coordinator/v1/config/compaction).
 *
 * @param rollup whether a store that is begun in it gets one
 */
export function compactionConfig({ datasource, rolledUp, segments }: Layout, rollup = true): object {
  return {
    dataSource: datasource,
    // What still comes in is left alone.
    skipOffsetFromLatest: 'P1D',
    granularitySpec: {
      segmentGranularity: segments.toUpperCase(),
      rollup: rolledUp,
      ...(rolledUp ? { queryGranularity: 'HOUR' } : {}),
    },
    taskContext: { useConcurrentLocks: true, ...(rollup ? {} : { [ROLLUP_CHOICE]: false }) },
    tuningConfig: {
      partitionsSpec: { type: 'range', partitionDimensions: ['dstaddr'], targetRowsPerSegment: 5_000_000 },
    },
  };
}

/** A text of one value, however many Druid would make of it. */
function dimension(name: string, type: 'string' | 'long'): object {
  return type === 'string'
    ? { type, name, multiValueHandling: 'ARRAY', createBitmapIndex: true }
    : { type, name };
}
