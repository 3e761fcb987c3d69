import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finished, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

/** A database server that answers nothing. */
let server: Server;

beforeAll(async () => {
  server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await writeFile(path('some.log'), logFile(10, 1_529_452_800));
  await mkdir(path('other'));
  await runHere(['ingest', '--store', path('store'), path('some.log'), '--quiet']);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What a command says on stderr that is interrupted while it waits for the server. */
async function interrupted(args: readonly string[], signal: NodeJS.Signals): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const asked = once(server, 'request');
  const child = start([...args, '--engine-url', `http://127.0.0.1:${port}/flows`, '--quiet']);
  const ended = finished(child);
  await asked;
  child.kill(signal);
  const { stderr, stdout, signal: by } = await ended;
  server.closeAllConnections();
  expect(stdout).toBe('');
  expect(by).toBe(signal);
  return stderr;
}

describe('an interrupted command says how it goes on', () => {
  test('copy', async () => {
    const copy = ['copy', '--store', path('store'), '--to', 'clickhouse'];
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      expect(await interrupted(copy, signal)).toBe(
        'peephole: Interrupted. The same command continues the copy.\n',
      );
  });

  test('compact and retain', async () => {
    const on = ['--store', path('other'), '--engine', 'clickhouse'];
    const again =
      'The same command does the rest, unless another process has the store open: that one finishes it.\n';
    expect(await interrupted(['compact', ...on], 'SIGINT')).toBe(
      `peephole: Interrupted. No flow is lost, and all answers stay right. ${again}`,
    );
    expect(await interrupted(['retain', '--keep', 'P90D', ...on], 'SIGINT')).toBe(
      `peephole: Interrupted. All answers stay right, however much is deleted by now. ${again}`,
    );
  });
});
