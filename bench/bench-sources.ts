/**
 * npm run bench -- --sources [--seconds 60] [--rate 20000] [--kafka HOST:PORT] [--json]: what records cost that come
 * continuously (docs/performance.md). Kafka is measured where brokers are named.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFirehose, measureKafka } from './measure-sources.ts';
import { printTable } from './print-table.ts';

/** Records that are read from Kafka. */
const KAFKA_RECORDS = 600_000;

const { values } = parseArgs({
  options: {
    sources: { type: 'boolean' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '20000' },
    kafka: { type: 'string' },
    json: { type: 'boolean', default: false },
    memory: { type: 'string', default: '2GiB' },
    dir: { type: 'string', default: tmpdir() },
  },
});
await mkdir(values.dir, { recursive: true });
const folder = await mkdtemp(join(values.dir, 'peephole-bench-'));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  say(`Sending ${values.rate} records a second for ${values.seconds} seconds, as Firehose does …`);
  const firehose = await measureFirehose(folder, Number(values.rate), Number(values.seconds), values.memory);
  const figures: Record<string, number> = {
    firehose_records: firehose.records,
    firehose_records_per_second: firehose.perSecond,
    firehose_refused_requests: firehose.refused,
    firehose_request_ms: firehose.medianMs,
    firehose_request_p99_ms: firehose.p99Ms,
    firehose_cpu_us_per_record: firehose.cpuMicros,
    firehose_rss_mb_second_quarter: firehose.rssEarly / 1e6,
    firehose_rss_mb_last_quarter: firehose.rssLate / 1e6,
  };
  for (const lines of values.kafka === undefined ? [] : [1, 50]) {
    say(`Reading ${KAFKA_RECORDS.toLocaleString('en-US')} records from Kafka, ${lines} in a message …`);
    const { perSecond, cpuMicros } = await measureKafka(
      folder,
      values.kafka ?? '',
      KAFKA_RECORDS,
      lines,
      values.memory,
    );
    figures[`kafka_${lines}_in_message_records_per_second`] = perSecond;
    figures[`kafka_${lines}_in_message_cpu_us_per_record`] = cpuMicros;
  }
  process.stdout.write(printTable(figures, [], []));
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
