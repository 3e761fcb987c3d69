import { BATCH, storedFields } from '../../sql/dialects/druid/druid-layout.ts';
import type { KafkaAddress } from '../store-driver.ts';
import { consumerProperties } from './consumer-properties.ts';
import { TIME } from './lines-of-batch.ts';

/** A native batch task (`index_parallel`) that appends rows to a data source. @param lines a JSON object each */
export function appendTask(id: string, datasource: string, lines: string): object {
  return {
    type: 'index_parallel',
    id,
    // Compaction and other tasks may be at the same days meanwhile.
    context: { useConcurrentLocks: true },
    spec: {
      dataSchema: dataSchema(datasource),
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

/** A supervisor that reads a data source's rows from the topic of its name. @param consumer properties by which it reaches the brokers */
export function supervisorSpec(
  datasource: string,
  kafka: KafkaAddress,
  consumer = consumerProperties(kafka),
): object {
  return {
    type: 'kafka',
    context: { useConcurrentLocks: true },
    spec: {
      dataSchema: dataSchema(datasource),
      ioConfig: {
        topic: datasource,
        inputFormat: { type: 'json' },
        consumerProperties: consumer,
        // Only the first time: from then on Druid keeps offsets with the segments.
        useEarliestOffset: true,
        taskCount: 1,
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

function dataSchema(datasource: string): object {
  return {
    dataSource: datasource,
    timestampSpec: { column: TIME, format: 'millis' },
    dimensionsSpec: {
      dimensions: [
        ...storedFields.map(({ name, type }) => dimension(name, type)),
        dimension(BATCH, 'string'),
      ],
    },
    metricsSpec: [],
    granularitySpec: { segmentGranularity: 'DAY', queryGranularity: 'NONE', rollup: false },
  };
}

/** How Druid is to bring a data source's segments together (POST /druid/coordinator/v1/config/compaction). */
export function compactionConfig(datasource: string): object {
  return {
    dataSource: datasource,
    // What still comes in is left alone.
    skipOffsetFromLatest: 'P1D',
    granularitySpec: { segmentGranularity: 'DAY', rollup: false },
    taskContext: { useConcurrentLocks: true },
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
