import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { serviceOf } from '../../test/support/service-of.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { StoreInUse, type StoreDriver } from '../engine/store-driver.ts';
import { emptyReport } from '../model/add-reports.ts';
import { PeepholeError } from '../model/errors.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import { socketPath } from '../system/socket-path.ts';
import { IpcServer } from './ipc-server.ts';
import { SharedService } from './shared-service.ts';

const folder = useTempFolder();
afterEach(() => void vi.restoreAllMocks());

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 15_000 });

/** A database that other processes hold all the time. */
const driver: StoreDriver = {
  exists: async () => true,
  open: async () => {
    throw new StoreInUse();
  },
};
const request = { names: ['logs'], cwd: '/', format: null, follow: true };
const flows = (count: number): IngestReport => ({
  ...emptyReport(),
  inputs: 1,
  records: count,
  flows: count,
});

interface Following {
  readonly store: string;
  readonly notices: readonly SourceNotice[];
  readonly ending: AbortController;
  readonly report: Promise<IngestReport>;
}

/** Follows sources in a store that others own. */
async function follow(name: string, before: (store: string) => Promise<void>): Promise<Following> {
  const store = join(folder.path, name);
  await mkdir(store);
  await before(store);
  const service = new SharedService({ driver, folder: store, memoryBytes: 0, threads: 1 });
  const ending = new AbortController();
  const notices: SourceNotice[] = [];
  const onNotice = (notice: SourceNotice): void => void notices.push(notice);
  const report = service.ingest(request, { signal: ending.signal, onNotice });
  report.catch(() => undefined);
  return { store, notices, ending, report };
}

/** An owner that ends in the middle of the next call: it says what it did by then. */
async function politeOwner(store: string): Promise<IpcServer> {
  let asked = 0;
  const service = serviceOf(async () => {
    throw new PeepholeError(
      'owner_exited',
      'It ends.',
      asked++ === 0 ? { report: flows(5) } : { begun: false },
    );
  });
  return IpcServer.start(service, socketPath(store));
}

/** An owner that follows until it is told to stop; `asked` is how often it was asked. */
async function lastOwner(store: string): Promise<{ asked: number; request: unknown }> {
  const calls = { asked: 0, request: null as unknown };
  const service = serviceOf(async (_method, asked, signal) => {
    calls.asked++;
    calls.request = asked;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    return flows(10);
  });
  const server = await IpcServer.start(service, socketPath(store));
  onTestFinished(() => server.stop());
  return calls;
}

/** An owner that ends without a word when it is asked, after `before`. Resolves with when it has ended. */
async function dyingOwner(
  store: string,
  before: () => void = () => undefined,
): Promise<{ ended: Promise<unknown> }> {
  const server = createServer((socket) => {
    socket.once('data', () => {
      before();
      socket.destroy();
    });
    socket.on('close', () => server.close());
  });
  await new Promise<void>((resolve) => server.listen(socketPath(store), resolve));
  return { ended: once(server, 'close') };
}

test('following goes on in the next owner, and tells what was done in all', async () => {
  let first: IpcServer | null = null;
  const { store, notices, ending, report } = await follow('next', async (at) => {
    first = await politeOwner(at);
  });
  await until(() => expect(notices).toEqual([{ kind: 'owner_exited' }]));
  await first!.stop();
  const last = await lastOwner(store);
  await until(() => expect(last.asked).toBe(1));
  // What refuses for a while there is tried again, since it worked before.
  expect(last.request).toEqual({ ...request, resumed: true });
  ending.abort();
  expect(await report).toMatchObject({ inputs: 2, flows: 15 });
  expect(notices).toHaveLength(1);
});

test('an owner that is ending already, and says so, is waited for without a word', async () => {
  const service = serviceOf(async () => {
    calls++;
    throw new PeepholeError('owner_exited', 'It is ending.', { begun: false });
  });
  let calls = 0;
  let first: IpcServer | null = null;
  const { store, notices, ending, report } = await follow('ending', async (at) => {
    first = await IpcServer.start(service, socketPath(at));
  });
  await until(() => expect(calls).toBeGreaterThan(1));
  await first!.stop();
  const last = await lastOwner(store);
  await until(() => expect(last.asked).toBe(1));
  ending.abort();
  expect(await report).toMatchObject({ flows: 10 });
  expect(notices).toEqual([]);
});

test('stopping while no process holds the store gives what was done', async () => {
  let first: IpcServer | null = null;
  const { notices, ending, report } = await follow('nobody', async (at) => {
    first = await politeOwner(at);
  });
  await until(() => expect(notices).toHaveLength(1));
  await first!.stop();
  ending.abort();
  expect(await report).toMatchObject({ flows: 5 });
});

test('a call goes on when its owner is killed, but not again when the next one ends at once too', async () => {
  const owners: { readonly ended: Promise<unknown> }[] = [];
  const { store, notices, report } = await follow(
    'cause',
    async (at) => void owners.push(await dyingOwner(at)),
  );
  await owners[0]!.ended;
  owners.push(await dyingOwner(store));
  await owners[1]!.ended;
  const last = await lastOwner(store);
  await expect(report).rejects.toThrow('ended before it answered');
  expect(last.asked).toBe(0);
  expect(notices).toEqual([{ kind: 'owner_exited' }]);
});

test('owners that are killed after long do not count', async () => {
  let now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  const hourLater = (): void => void (now += 3_600_000);
  const owners: { readonly ended: Promise<unknown> }[] = [];
  const { store, ending, report } = await follow(
    'long',
    async (at) => void owners.push(await dyingOwner(at, hourLater)),
  );
  await owners[0]!.ended;
  owners.push(await dyingOwner(store, hourLater));
  await owners[1]!.ended;
  const last = await lastOwner(store);
  await until(() => expect(last.asked).toBe(1));
  ending.abort();
  expect(await report).toMatchObject({ flows: 10 });
});
