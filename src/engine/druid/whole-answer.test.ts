import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { parseQuery } from '../../model/query/parse-query.ts';
import { DruidServer } from './druid-server.ts';
import { fetchRows } from './fetch-rows.ts';
import { type NeededRows, rowsForQuery } from './needed-rows.ts';
import type { StoredFlows } from './stored-flows.ts';
import type { Row } from './read-lines.ts';

const HOUR = 425_000;
const at = (hours: number): string => new Date((HOUR + hours) * 3_600_000).toISOString();

/** 70 flows in three hours, and one that has no start. */
const stored: StoredFlows = {
  datasource: 'flows',
  rollup: null,
  columns: new Set(['srcaddr', 'dstport', 'bytes', 'start', 'end']),
  range: { first: HOUR * 3600, last: HOUR * 3600 + 9000, newest: HOUR * 3600 + 9000 },
  flows: 71,
  hours: new Map([
    [HOUR, 40],
    [HOUR + 1, 20],
    [HOUR + 2, 10],
  ]),
  seen: { hidden: ['old-1'], later: { after: 'own-000000003', before: 'own-~' }, cuts: [] },
};

function needed(json: Record<string, unknown>): NeededRows {
  return rowsForQuery(parseQuery(json), stored).rows;
}

describe('an answer of Druid’s', () => {
  let close = async (): Promise<void> => undefined;
  let waiting = 0;
  afterEach(() => close());

  /** A server that answers questions with these rows, one after the other, and says that two segments are missing, and that so many tasks wait. */
  async function answering(answer: readonly Row[]): Promise<{ server: DruidServer; asked: string[] }> {
    const asked: string[] = [];
    const http = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { query } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { query: string };
      asked.push(query);
      const rows = query.includes('sys.segments')
        ? [[9, 2, 1000, 0]]
        : query.includes('sys.tasks')
          ? [[waiting]]
          : answer;
      response.end(`${rows.map((row) => `${JSON.stringify(row)}\n`).join('')}\n`);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    close = async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    };
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/flows`;
    return { server: new DruidServer({ url, username: 'u', password: '' }), asked };
  }

  async function rowsOf(
    rows: NeededRows,
    answer: readonly Row[],
  ): Promise<{ found: Row[]; asked: string[] }> {
    const { server, asked } = await answering(answer);
    const found: Row[] = [];
    for await (const some of fetchRows(server, rows)) found.push(...some);
    return { found, asked };
  }

  const missing = { code: 'engine_unreachable', message: expect.stringContaining('2 segments') };

  test('without filters is whole if its groups have all flows', async () => {
    const rows = needed({ splits: [{ field: 'dstport', limit: null }] });
    const { found, asked } = await rowsOf(rows, [[22, 31], [443, 40]]); // prettier-ignore
    expect(found).toEqual([[22, 31], [443, 40]]); // prettier-ignore
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toContain('UNION');
    await close();
    await expect(rowsOf(rows, [[22, 30], [443, 40]])).rejects.toMatchObject(missing); // prettier-ignore
  });

  test('that lacks flows says so if tasks wait that are to bring them', async () => {
    const rows = needed({ splits: [{ field: 'dstport', limit: null }] });
    for (const [tasks, said] of [
      [0, 'historicals and tasks are back.'],
      [1, '1 task of it waits for a free slot'],
      [2, '2 tasks of it wait for a free slot'],
    ] as const) {
      waiting = tasks;
      await expect(rowsOf(rows, [[22, 30]])).rejects.toMatchObject({
        message: expect.stringContaining(said),
      });
      await close();
    }
    waiting = 0;
  });

  test('about whole hours is whole if its groups have the flows of these hours', async () => {
    const rows = needed({ time: { from: at(0), to: at(2) }, splits: [{ field: 'dstport', limit: null }] });
    expect(rows.whole).toMatchObject({ same: true, flows: 60 });
    const start = HOUR * 3600;
    expect((await rowsOf(rows, [[start, 22, 60]])).found).toEqual([[start, 22, 60]]);
    await close();
    await expect(rowsOf(rows, [[start, 22, 71]])).rejects.toMatchObject(missing);
  });

  test('with filters is whole if the same statement counts all flows of its hours before and after', async () => {
    const rows = needed({
      time: { from: at(0.5), to: at(1.5) },
      filter: [{ field: 'dstport', in: [22] }],
      splits: [{ field: 'srcaddr', limit: null }],
    });
    const first: Row = [HOUR * 3600 + 1800, '10.0.0.1', 3];
    const second: Row = [HOUR * 3600 + 1800, null, 4];
    const count = (flows: number): Row => [flows, '', 0];
    const { found, asked } = await rowsOf(rows, [count(60), first, second, count(60)]);
    expect(found).toEqual([first, second]);
    expect(asked).toHaveLength(1);
    await close();
    expect((await rowsOf(rows, [count(60), count(60)])).found).toEqual([]);
    for (const lacking of [
      [count(59), first, count(60)],
      [count(60), first, count(59)],
      [count(60), first],
      [count(60)],
      [],
    ]) {
      await close();
      await expect(rowsOf(rows, lacking)).rejects.toMatchObject(missing);
    }
  });

  test('of so many rows that they come in pieces has its counts in the first and the last', async () => {
    const rows = needed({ splits: [{ field: 'srcport' }, { field: 'srcaddr', limit: null }], filter: [{ field: 'bytes', between: [1, null] }] }); // prettier-ignore
    const many = Array.from({ length: 45_000 }, (_, i) => [`10.0.${i >> 8}.${i & 255}`, 1]);
    const { found } = await rowsOf(rows, [['', 71], ...many, ['', 71]]);
    expect(found).toEqual(many);
  });
});

describe('what must be counted', () => {
  test('is the hours that a question is about, each once', () => {
    const about = (json: Record<string, unknown>): unknown => needed(json).whole.flows;
    const filter = [{ field: 'dstport', in: [22] }];
    expect(about({ filter })).toBe(71);
    expect(about({ filter, time: { from: at(1), to: at(2) } })).toBe(20);
    expect(about({ filter, time: { from: at(1.9), to: at(2.1) } })).toBe(30);
    expect(about({ filter, time: { from: at(9), to: at(12) } })).toBe(0);
    expect(about({ time: { from: at(1), to: at(2) }, compare: { shift: 'PT1H' } })).toBe(60);
    // An earlier time that overlaps.
    expect(about({ time: { from: at(1), to: at(3) }, compare: { shift: 'PT1H' } })).toBe(70);
  });

  test('is all of it where other flows decide', () => {
    const { whole } = needed({ time: { from: at(1), to: at(2) }, splits: [{ field: 'initiator' }] });
    expect(whole).toMatchObject({ flows: 71, same: false });
  });

  test('leaves out batches that had not ended, or begin later', () => {
    const { whole } = needed({});
    expect(whole.conditions.join(' AND ')).toBe('NOT ("batch" > ? AND "batch" < ?) AND "batch" NOT IN (?)');
    expect(whole.texts).toEqual(['own-000000003', 'own-~', 'old-1']);
  });
});
