import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import { peepholeJson, serve, type Server } from '../support/cli.ts';

const KEY = 'key';
/** Requests for each time that the server is ended. */
const BATCHES = 10;
/** Milliseconds that a request may take before the sender gives it up. */
const PATIENCE = 5_000;

/** A line of its own for each record. */
function lineOf(record: number): string {
  const address = `10.${(record >> 16) & 255}.${(record >> 8) & 255}.${record & 255}`;
  return `2 123456789012 eni-1 ${address} 10.255.0.1 ${40_000 + (record % 20_000)} 443 6 3 180 ${1_717_200_000 + record} ${1_717_200_059 + record} ACCEPT OK`;
}

const payloadOf = (records: readonly number[]): string =>
  JSON.stringify({
    requestId: randomUUID(),
    timestamp: Date.now(),
    records: records.map((record) => ({
      data: Buffer.from(
        record % 3 === 0 ? JSON.stringify({ message: lineOf(record) }) : lineOf(record),
      ).toString('base64'),
    })),
  });

/** Expects that what Firehose sends is in once, though a signal ends the server so many times and requests come again under new ids. */
export async function expectDeliveredOnce(
  folder: string,
  by: 'SIGKILL' | 'SIGTERM',
  times: number,
): Promise<void> {
  const batches = times * BATCHES;
  const store = join(folder, by);
  // An object, since others change it while one waits.
  const current: { server: Promise<Server> | null } = { server: null };
  vi.stubEnv('PEEPHOLE_FIREHOSE_KEY', KEY);
  onTestFinished(() => void vi.unstubAllEnvs());
  const started = (): Promise<Server> => (current.server ??= serve(store, ['--quiet']));
  const send = async (payload: string): Promise<number> => {
    const { url } = await started();
    const reply = await fetch(`${url}api/v1/firehose`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-amz-firehose-access-key': KEY },
      body: payload,
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
    return reply?.status ?? 0;
  };
  let next = 0;
  let again = 0;
  const deliver = async (size: number): Promise<void> => {
    const records = Array.from({ length: size }, () => next++);
    while ((await send(payloadOf(records))) !== 200) {
      again++;
      await sleep(20);
    }
    // Best effort: what was taken in comes once more all the same, in other company.
    if (size % 5 === 0) await send(payloadOf([...records.slice(size >> 1), ...records.slice(0, size >> 1)]));
  };
  let sending = true;
  let kills = 0;
  const killer = (async () => {
    while (sending && kills < times) {
      await sleep(150 + 130 * kills);
      if (current.server === null) continue;
      const victim = await current.server;
      // Whoever sends meanwhile meets a dead server.
      victim.process.kill(by);
      await victim.stop();
      if (by === 'SIGTERM') expect(victim.process.exitCode).toBe(0);
      current.server = null;
      kills++;
    }
  })();
  try {
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let batch = lane; batch < batches || (kills < times && batch < 20 * batches); batch += 4)
        await deliver(50 + ((batch * 37) % 900));
    });
    await Promise.all(lanes);
  } finally {
    sending = false;
    await killer;
    await (await started()).stop();
    delete process.env['PEEPHOLE_FIREHOSE_KEY'];
  }
  expect(kills).toBe(times);
  expect(again).toBeGreaterThan(0);
  const [row] = await peepholeJson<readonly Readonly<Record<string, unknown>>[]>([
    'sql',
    '--store',
    store,
    '--format',
    'json',
    `SELECT count(*) AS flows, count(DISTINCT srcaddr || "start") AS different, (SELECT count(*) FROM quarantine) AS quarantined FROM flows`,
  ]);
  expect(row).toEqual({ flows: next, different: next, quarantined: 0 });
}
