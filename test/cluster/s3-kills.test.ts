// A bucket is followed by processes that are killed again and again: by listing, and by a queue.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { header, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import {
  type FaultyProxy,
  type ProxiedRequest,
  internalError,
  slowDown,
  startFaultyProxy,
} from './support/faulty-proxy.ts';
import { createBucket, putFlowLog, putObject } from './support/flow-log-objects.ts';
import { followThroughKills } from './support/follow-through-kills.ts';
import { createQueue, notifyQueue, queueLength } from './support/s3-notifications.ts';

const folder = useTempFolder();
const BEGIN = Date.UTC(2018, 5, 20);
const OBJECTS = 12;

let account: AwsAccount;
let proxy: FaultyProxy;

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto, { through: proxy.url });
});
afterAll(async () => {
  account.close();
  await proxy.close();
});

/** Objects of several hours, small and large, two of which are overwritten by a longer state of them later. */
function writer(bucket: string): () => Promise<number> {
  let written = 0;
  let rounds = 0;
  let growing: { readonly key: string; readonly lines: readonly string[] }[] = [];
  const lines = (count: number): string[] =>
    Array.from({ length: count }, () => logLine({ bytes: 100 + ++written }));
  const file = (rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;
  return async () => {
    rounds++;
    for (const { key, lines: before } of growing)
      await putObject(account, bucket, key, file([...before, ...lines(50)]));
    growing = [];
    for (let i = 0; i < OBJECTS; i++) {
      const own = lines(i === 0 ? 20_000 : 100);
      // The later, the older: what comes late is found, too.
      const time = new Date(BEGIN + (40 - rounds) * 3_600_000 + i * 60_000);
      const key = await putFlowLog(account, { bucket, time, body: file(own) });
      if (i > OBJECTS - 3) growing.push({ key, lines: own });
    }
    return written;
  };
}

/** Faults on the way, again and again: of listings, of objects, and of connections. */
function disturb(bucket: string): () => void {
  const every = (n: number, part: string) => {
    let requests = 0;
    return ({ method, path }: ProxiedRequest): boolean =>
      method === 'GET' && path.includes(`/${bucket}${part}`) && ++requests % n === 0;
  };
  const faults = [
    proxy.provoke(every(7, '/AWSLogs'), { kind: 'cut', afterBytes: 1000 }),
    proxy.provoke(every(11, '/AWSLogs'), internalError),
    proxy.provoke(every(5, '/?'), slowDown),
  ];
  return () => {
    for (const fault of faults) {
      expect(fault.hits()).toBeGreaterThan(0);
      fault.end();
    }
  };
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'by listing, with faults on the way, ended by %s: each record is in once',
  async (by) => {
    const bucket = await createBucket(account);
    const settle = disturb(bucket);
    await followThroughKills({
      source: [`s3://${bucket}/AWSLogs/`],
      env: { ...account.env, PEEPHOLE_POLL_SECONDS: '0.2' },
      store: join(folder.path, `by-listing-${by}`),
      write: writer(bucket),
      seed: 23,
      by,
      endsInTheMiddle: true,
    });
    settle();
  },
);

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'by a queue, whose messages come again, ended by %s: each record is in once, and no message stays',
  async (by) => {
    const bucket = await createBucket(account);
    const queue = await createQueue(account, 2);
    await notifyQueue(account, bucket, queue);
    await followThroughKills({
      source: [`s3://${bucket}/AWSLogs/`, '--sqs', queue.url],
      env: account.env,
      store: join(folder.path, `by-queue-${by}`),
      write: writer(bucket),
      seed: 37,
      by,
      endsInTheMiddle: true,
      // Messages of processes that were killed come again, tell of what is in, and go.
      async settled() {
        const { waiting, hidden } = await queueLength(account, queue);
        return waiting + hidden === 0;
      },
    });
  },
);
