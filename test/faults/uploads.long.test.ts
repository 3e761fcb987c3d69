import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import { type Server, serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const LINES = 600_000;

const folder = useTempFolder();
let owner: Server;
let borrower: Server;
beforeAll(async () => {
  await mkdir(join(folder.path, 'temporary'));
  const options = { env: { TMPDIR: join(folder.path, 'temporary') } };
  owner = await serve(join(folder.path, 'store'), [], options);
  // The store is held already: this one asks the other.
  borrower = await serve(join(folder.path, 'store'), [], options);
});
afterAll(async () => {
  await borrower?.stop();
  await owner?.stop();
});

const send = (server: Server, body: string, signal: AbortSignal | null = null): Promise<Response> =>
  fetch(`${server.url}api/v1/ingest?name=flows.log`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', accept: 'application/x-ndjson' },
    body,
    signal,
  });
const reportOf = async (response: Response): Promise<IngestReport> => {
  const { report } = JSON.parse((await response.text()).trim().split('\n').at(-1) ?? '') as {
    readonly report: IngestReport;
  };
  return report;
};
const flows = async (): Promise<number> => {
  const reply = await fetch(`${owner.url}api/v1/status`);
  return ((await reply.json()) as { readonly flows: number }).flows;
};
const spooled = (): Promise<readonly string[]> => readdir(join(folder.path, 'temporary'));

test('a server that borrows its store passes a file on to the process that holds it, and it counts once', async () => {
  const file = logFile(500);
  expect(await reportOf(await send(borrower, file))).toMatchObject({ inputs: 1, flows: 500 });
  expect(await reportOf(await send(owner, file))).toMatchObject({ inputs: 1, skipped_inputs: 1, flows: 0 });
  expect(await flows()).toBe(500);
  expect(await spooled()).toEqual([]);
});

test('cancelled while it is read, wherever that is, a file leaves nothing, and goes in when it is sent again', async () => {
  const file = logFile(LINES, 1_529_500_000, 7);
  const before = await flows();
  for (const server of [owner, borrower]) {
    const cancel = new AbortController();
    const response = await send(server, file, cancel.signal);
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    // It is being read, and not at its end.
    const [line = ''] = new TextDecoder().decode(value).split('\n');
    const { progress } = JSON.parse(line) as { readonly progress: { readonly records: number } };
    expect(progress.records).toBeLessThan(LINES);
    cancel.abort();
    await expect.poll(spooled, { timeout: 20_000 }).toEqual([]);
  }
  expect(await reportOf(await send(owner, file))).toMatchObject({ flows: LINES, skipped_inputs: 0 });
  expect(await flows()).toBe(before + LINES);
});
