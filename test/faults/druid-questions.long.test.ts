import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markFolder } from '../../src/engine/druid/folder-owner.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import { partOf } from '../support/batch-of.ts';
import { type Server, serve } from '../support/cli.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { ask, peakMemory } from './heavy-questions.ts';

const START = 1_529_452_800;
const GROUPS = 600_000;
const PIECE = 5000;
const MEMORY = 512 * 1024 * 1024;
/** Questions asked at once: some of them wait. */
const QUESTIONS = 6;

const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

/** What Druid would answer: a flow from each of many addresses within one hour. */
function* answer(sql: string): Generator<string> {
  const line = (row: readonly unknown[]): string => `${JSON.stringify(row)}\n`;
  if (sql.includes('sys.segments')) yield line([1, 0, 1000]);
  else if (sql.includes('MIN(')) yield line([START, START, START, GROUPS, GROUPS]);
  else
    for (let i = 0; i < GROUPS; i += PIECE)
      yield Array.from({ length: PIECE }, (_, n) => line([address(i + n), 1])).join('');
  yield '\n';
}

describe('a server with a store in Druid', { timeout: 600_000 }, () => {
  const folder = useTempFolder();
  let server: Server | undefined;
  const druid = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method !== 'POST') return void response.writeHead(404).end();
    const { query } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { readonly query: string };
    // A question may be given up.
    await pipeline(Readable.from(answer(query)), response).catch(() => undefined);
  });
  beforeAll(async () => {
    druid.listen(0, '127.0.0.1');
    await once(druid, 'listening');
    const path = join(folder.path, 'store');
    const store = await Store.open({ folder: path, memoryBytes: MEMORY, threads: 1 }, 'hours');
    await markFolder(store, 'flows');
    await store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf([{ start: START, srcaddr: '10.0.0.0' }]));
      transaction.close(input, ledgerEntry('a'));
      await transaction.noteFields(['srcaddr']);
    });
    for (const table of ['input', 'logged_hour'])
      await store.database.rows(`UPDATE ${table} SET flows = ${GROUPS}`);
    await store.close();
    const url = `http://127.0.0.1:${(druid.address() as AddressInfo).port}/flows`;
    server = await serve(path, [
      '--memory',
      '512MiB',
      '--query-timeout',
      '280',
      '--engine',
      'druid',
      '--engine-url',
      url,
    ]);
  });
  afterAll(async () => {
    await server?.stop();
    druid.closeAllConnections();
    druid.close();
  });

  test('keeps within its memory while it works several questions out of millions of groups', async () => {
    const answers = await Promise.all(
      Array.from({ length: QUESTIONS }, async (_, i) => {
        const reply = await ask(server!, {
          splits: [{ field: 'srcaddr', limit: i + 1, sort: { by: 'srcaddr' } }],
          measures: ['flows'],
        });
        return [reply.status, await reply.json()] as const;
      }),
    );
    for (const [i, [status, body]] of answers.entries()) {
      expect([status, body]).toMatchObject([200, { truncated: true }]);
      const rows = Array.from({ length: i + 1 }, (_, n) => [address(n), 1]);
      expect((body as { readonly rows: unknown }).rows).toEqual(rows);
    }
    const peak = await peakMemory(server!);
    if (peak !== null) expect(peak).toBeLessThan(MEMORY);
  });
});
