// Old flows are dropped from Druid by tasks; what is left is what DuckDB has after the same command.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { setUp } from '../../src/engine/druid/set-up.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import type { PlainRecord } from '../support/batch-of.ts';
import { finished, peephole, start } from '../support/cli.ts';
import { DAY, NONE, START, oldSegments, records, saidBy } from './old-flows.ts';
import { newDataSource, openDruid } from './store-druid.ts';

describe('flows that are dropped from Druid', () => {
  let folder: string;
  let url: string;
  let store: FlowStore;
  let local: FlowStore;
  let server: DruidServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peephole-druid-retain-'));
    url = newDataSource(inject('druid'));
    server = new DruidServer({ url, username: 'default', password: '' });
    store = await openDruid(url, join(folder, 'druid'));
    local = await duckdbDriver.open({
      folder: join(folder, 'local'),
      memoryBytes: 256 * 1024 ** 2,
      threads: 1,
    });
  });
  afterEach(async () => {
    await store.close();
    await local.close();
    await rm(folder, { recursive: true, force: true });
  });
  const write = async (name: string, some: readonly PlainRecord[]): Promise<void> => {
    for (const each of [store, local]) await writeRecords(each, name, some);
  };
  const retain = async (keep: string): Promise<void> => {
    const [report, expected] = await Promise.all(
      [store, local].map((each) => each.retain({ keep, keepRaw: null })),
    );
    for (const name of ['cut', 'dropped_flows', 'kept_flows', 'kept_as_hours'] as const)
      expect([name, report![name]]).toEqual([name, expected![name]]);
  };
  const alike = async (): Promise<void> => expect(await saidBy(store)).toEqual(await saidBy(local));
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await openDruid(url, join(folder, 'druid'));
  };

  test('are gone from answers, status and deep storage, and come back only with late inputs, as in DuckDB', async () => {
    await write('first', records(5));
    await write('second', records(3, 1000));
    await alike();
    const { bytes } = await store.status();
    await retain('P2D');
    await alike();
    const cut = START + 3 * DAY;
    await expect.poll(() => oldSegments(server, cut), { timeout: 30_000 }).toEqual(NONE);
    expect((await store.status()).bytes).toBeLessThan(bytes);
    // The ledger keeps its entries.
    expect(store.inputs.isIn('first')).toBe(true);
    await reopen();
    await alike();
    // What comes late is there until the next time, with what came at the same time.
    await write('late', [...records(2, 5000), ...records(5, 9000).slice(-40)]);
    await alike();
    await reopen();
    await alike();
    await retain('P2D');
    await alike();
    await expect.poll(() => oldSegments(server, cut), { timeout: 30_000 }).toEqual(NONE);
    // Nothing is left to do; and more is kept than there is.
    for (const keep of ['P2D', 'P90D']) await retain(keep);
    await alike();
    // Late flows under a cut that is earlier than the last one.
    await write('later', records(5, 20_000));
    await retain('P4D');
    await alike();
    await reopen();
    await alike();
    await retain('P1D');
    await alike();
    await expect.poll(() => oldSegments(server, START + 4 * DAY), { timeout: 30_000 }).toEqual(NONE);
    await alike();
  });

  test('are refused in forms that Druid has not, and changes nothing then', async () => {
    await write('first', records(1));
    const { revision } = store;
    for (const request of [
      { keep: null, keepRaw: 'P1D' },
      { keep: 'P9D', keepRaw: 'P1D' },
    ])
      await expect(store.retain(request)).rejects.toMatchObject({
        code: 'not_supported',
        message: expect.stringContaining('--keep alone'),
      });
    await expect(store.retain({ keep: 'a while', keepRaw: null })).rejects.toMatchObject({ code: 'usage' });
    expect(store.revision).toBe(revision);
    await alike();
  });

  test('never make an answer wrong, while questions are asked', async () => {
    const days = 6;
    await write('first', records(days));
    const wanted = new Set<string>();
    const query = parseQuery({
      splits: [{ field: 'dstport', limit: null, sort: { by: 'dstport', order: 'asc' } }],
      measures: ['flows', 'bytes'],
    });
    wanted.add(JSON.stringify((await local.query(query)).rows));
    const seen = new Set<string>();
    let done = false;
    const asking = (async () => {
      while (!done) seen.add(JSON.stringify((await store.query(query)).rows));
    })();
    try {
      for (let keep = days - 1; keep > 0; keep--) {
        await retain(`P${keep}D`);
        wanted.add(JSON.stringify((await local.query(query)).rows));
      }
    } finally {
      done = true;
      await asking;
    }
    expect(seen.size).toBeGreaterThan(2);
    expect([...wanted]).toEqual(expect.arrayContaining([...seen]));
  });

  test('go whatever time their segments are of', async () => {
    const address = { url, username: 'default', password: '' };
    const lengths = async (): Promise<readonly number[]> =>
      (
        await server.rows(
          `SELECT "start", "end" FROM sys.segments WHERE datasource = ? AND "start" >= '1970'`,
          [server.datasource],
        )
      ).map(([from, to]) => (Date.parse(String(to)) - Date.parse(String(from))) / 3_600_000);
    const shown = await setUp(address, true, { segments: 'hour' });
    expect(shown.slice(0, -1).every((one) => one.includes('"segmentGranularity": "HOUR"'))).toBe(true);
    expect(shown.at(-1)).toContain('peephole retain');
    expect((await setUp(address, true)).join()).not.toContain('"segmentGranularity": "HOUR"');
    await setUp(address, false, { segments: 'hour' });
    const some = records(3);
    const half = some.filter(({ start }) => typeof start === 'number' && start < START + DAY / 2);
    await write('hours', half);
    expect(new Set(await lengths())).toEqual(new Set([1]));
    // Without a choice it stays; a change is for new segments.
    expect((await setUp(address, false)).join()).toContain('"segmentGranularity": "HOUR"');
    await setUp(address, false, { segments: 'day' });
    await write('days', some);
    // Within a day that has some, Druid takes what fits between them.
    expect(await lengths()).toEqual(expect.arrayContaining([1, 24]));
    await alike();
    await retain('P1D');
    await alike();
    await expect.poll(() => oldSegments(server, START + 2 * DAY), { timeout: 30_000 }).toEqual(NONE);
  });

  test('are whole or gone after a kill at any step, and the next run ends it', async () => {
    const days = 10;
    await write('first', records(days));
    await store.close();
    const proxy = await startKillingProxy(inject('druid'));
    const args = (origin: string, keep: string): readonly string[] => [
      'retain',
      '--quiet',
      '--keep',
      keep,
      '--store',
      join(folder, 'druid'),
      '--engine',
      'druid',
      '--engine-url',
      `${origin}/${server.datasource}`,
    ];
    const steps: readonly (readonly [what: string, when: 'before' | 'after'])[] = [
      ['SELECT MAX(', 'before'],
      ['SELECT segment_id', 'before'],
      ['"dropExisting":true', 'before'],
      ['"dropExisting":true', 'after'],
      ['markUnused', 'before'],
      ['"type":"kill"', 'before'],
      ['"type":"kill"', 'after'],
    ];
    try {
      for (const [i, [what, when]] of steps.entries()) {
        const before = await saidBy(local);
        const keep = `P${days - 1 - i}D`;
        const child = start(args(proxy.url, keep));
        const end = finished(child);
        proxy.killAt(child, what, when);
        expect([what, when, (await end).signal]).toEqual([what, when, 'SIGKILL']);
        await local.retain({ keep, keepRaw: null });
        const after = await saidBy(local);
        store = await openDruid(url, join(folder, 'druid'));
        // It is entered in the ledger once the newest flow is known.
        expect(await saidBy(store)).toEqual(i === 0 ? before : after);
        await store.close();
        const again = await peephole(args(inject('druid'), keep));
        expect([again.code, again.stderr]).toEqual([0, '']);
        await expect
          .poll(() => oldSegments(server, START + (i + 1) * DAY), { timeout: 30_000 })
          .toEqual(NONE);
        store = await openDruid(url, join(folder, 'druid'));
        expect(await saidBy(store)).toEqual(after);
        await store.close();
      }
    } finally {
      await proxy.stop();
      store = await openDruid(url, join(folder, 'druid'));
    }
  });
});

/** Goes in front of Druid's router, and kills a process before or after a request of it. */
interface KillingProxy {
  readonly url: string;
  /** @param what is in the path or the body of that request */
  killAt(child: ChildProcess, what: string, when: 'before' | 'after'): void;
  stop(): Promise<void>;
}

async function startKillingProxy(target: string): Promise<KillingProxy> {
  let wish: { child: ChildProcess; what: string; when: 'before' | 'after' } | null = null;
  const proxy = createServer((incoming, outgoing) => {
    const forward = async (): Promise<void> => {
      const { method = 'GET', url = '/', headers } = incoming;
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString();
      const kill = wish !== null && `${url} ${body}`.includes(wish.what) ? wish : null;
      if (kill?.when === 'before') {
        kill.child.kill('SIGKILL');
        outgoing.destroy();
        return;
      }
      const answer = await fetch(`${target}${url}`, {
        method,
        headers: { 'content-type': headers['content-type'] ?? '' },
        ...(method === 'GET' ? {} : { body }),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (kill?.when === 'after') {
        kill.child.kill('SIGKILL');
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      outgoing.end(bytes);
    };
    forward().catch(() => outgoing.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    killAt: (child, what, when) => (wish = { child, what, when }),
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
