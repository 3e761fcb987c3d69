// What records cost that come continuously: pushed by Firehose at a steady rate, and read from a topic of Kafka.
import { randomUUID } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { median, program } from './measure-ingest.ts';

/** Records in a request, as Firehose sends with a buffer of 1 MiB. */
const IN_REQUEST = 5_000;
const KEY = 'bench';
/** Linux counts processor time in these, a second (`getconf CLK_TCK`). */
const TICKS = 100;

export interface FirehoseFigures {
  readonly records: number;
  /** Records a second that were answered 200. */
  readonly perSecond: number;
  /** Answers other than 200; their records were sent again. */
  readonly refused: number;
  /** Milliseconds from a request to its answer. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Processor time of the server, in microseconds a record. */
  readonly cpuMicros: number;
  /** Resident memory, in bytes: the median of the second quarter of the time, and that of the last. */
  readonly rssEarly: number;
  readonly rssLate: number;
}

/** Sends so many records a second to a server of its own, and measures the server. Linux tells its processor time. */
export async function measureFirehose(
  folder: string,
  rate: number,
  seconds: number,
  memory: string,
): Promise<FirehoseFigures> {
  const args = ['serve', '--quiet', '--port', '0', '--memory', memory, '--store', join(folder, 'firehose')];
  const server = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PEEPHOLE_FIREHOSE_KEY: KEY },
  });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const url = new URL('/api/v1/firehose', line.toString().trim());
    const rss: number[] = [];
    const watch = setInterval(() => rss.push(rssOf(server)), 250);
    const times: number[] = [];
    let refused = 0;
    let record = 0;
    const before = cpuOf(server);
    const began = performance.now();
    const sending: Promise<void>[] = [];
    const requests = Math.ceil((rate * seconds) / IN_REQUEST);
    for (let i = 0; i < requests; i++) {
      const body = requestOf(record, IN_REQUEST);
      record += IN_REQUEST;
      await sleep(Math.max(0, began + (i * IN_REQUEST * 1000) / rate - performance.now()));
      sending.push(
        send(url, body, times).then((again) => {
          refused += again;
        }),
      );
    }
    await Promise.all(sending);
    const elapsed = (performance.now() - began) / 1000;
    clearInterval(watch);
    const cpu = cpuOf(server) - before;
    const sorted = times.toSorted((a, b) => a - b);
    const quarter = Math.floor(rss.length / 4);
    return {
      records: record,
      perSecond: record / elapsed,
      refused,
      medianMs: median(times),
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      cpuMicros: (cpu * 1e6) / record,
      rssEarly: median(rss.slice(quarter, 2 * quarter)),
      rssLate: median(rss.slice(-quarter)),
    };
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
}

export interface KafkaFigures {
  readonly records: number;
  /** Of the whole command, from its start. */
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/** Puts records into a topic of its own, and measures the command that reads it. */
export async function measureKafka(
  folder: string,
  brokers: string,
  records: number,
  linesInMessage: number,
  memory: string,
): Promise<KafkaFigures> {
  const topic = `bench-${randomUUID()}`;
  const options = { clientId: 'bench', bootstrapBrokers: brokers.split(',') };
  const admin = new Admin(options);
  const producer = new Producer({ ...options, serializers: stringSerializers });
  try {
    await admin.createTopics({ topics: [topic], partitions: 4, replicas: 1 });
    const messages = Math.ceil(records / linesInMessage);
    const together = 500;
    for (let from = 0; from < messages; from += together) {
      const some = Array.from({ length: Math.min(together, messages - from) }, (_, i) => {
        const first = (from + i) * linesInMessage;
        const value = Array.from({ length: linesInMessage }, (_line, n) => lineOf(first + n)).join('\n');
        return { topic, partition: (from / together) % 4, value };
      });
      await producer.send({ messages: some, compression: 'gzip' });
    }
    const args = ['ingest', '--quiet', '--memory', memory, '--store', join(folder, topic), `kafka:${topic}`];
    const began = performance.now();
    const child = spawn(process.execPath, [program, ...args], {
      stdio: 'inherit',
      env: { ...process.env, KAFKA_BROKERS: brokers },
    });
    let cpu = 0;
    const watch = setInterval(() => (cpu = Math.max(cpu, cpuOf(child))), 50);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(watch);
    if (code !== 0) throw new Error(`ingest ended with ${String(code)}`);
    const elapsed = (performance.now() - began) / 1000;
    const all = messages * linesInMessage;
    return { records: all, perSecond: all / elapsed, cpuMicros: (cpu * 1e6) / all };
  } finally {
    await producer.close();
    await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
    await admin.close();
  }
}

/** Sends until it is taken; gives how often it was not. */
async function send(url: URL, body: Uint8Array<ArrayBuffer>, times: number[]): Promise<number> {
  for (let again = 0; ; again++) {
    const began = performance.now();
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'x-amz-firehose-access-key': KEY,
      },
      body,
    });
    await reply.arrayBuffer();
    times.push(performance.now() - began);
    if (reply.ok) return again;
    if (reply.status !== 503) throw new Error(`Firehose was answered ${reply.status}`);
    await sleep(1000);
  }
}

function requestOf(first: number, count: number): Uint8Array<ArrayBuffer> {
  const records = Array.from({ length: count }, (_, i) => ({
    data: Buffer.from(lineOf(first + i)).toString('base64'),
  }));
  const json = JSON.stringify({ requestId: randomUUID(), timestamp: Date.now(), records });
  return new Uint8Array(gzipSync(json, { level: 1 }));
}

/** A record of now, each with another content. */
function lineOf(record: number): string {
  const end = Math.floor(Date.now() / 1000);
  const host = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  return `2 123456789012 eni-${(record % 50).toString(16).padStart(17, '0')} ${host(record % 5000)} ${host(65_536 + (record % 300))} ${1024 + (record % 60_000)} 443 6 ${record % 40} ${record} ${end - 60} ${end} ACCEPT OK`;
}

/** Seconds of processor time that a process took so far; 0 where the system does not tell. */
function cpuOf({ pid }: ChildProcess): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the name, which may hold blanks: the 12th and 13th are user and system time (man 5 proc).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

function rssOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
