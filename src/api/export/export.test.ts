import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Answer, Cell } from '../../model/query/answer.ts';
import type { StoreService } from '../../service/store-service.ts';
import { answerTable } from '../../export/answer-table.ts';
import { parquetBytes } from '../../export/parquet-bytes.ts';
import { recordsTable } from './records-table.ts';
import { delimitedText, jsonText } from '../../export/text-formats.ts';

const answer: Answer = {
  columns: [
    { name: 'tag', kind: 'split', type: 'text', label: 'Tag', unit: null },
    { name: 'time', kind: 'split', type: 'time', label: 'Time', unit: null },
    { name: 'flows', kind: 'measure', type: 'number', label: 'Flows', unit: 'count' },
    { name: 'rejected_share', kind: 'measure', type: 'number', label: 'Share', unit: 'share' },
  ],
  rows: [
    ['=HYPERLINK("http://x")', '2018-06-20T00:00:00Z', 12, 0.5],
    ['-1+1', null, '9223372036854775807', null],
    ['a,b\t"c"\nd', '2018-06-20T01:00:00Z', -3, 1],
    [null, '2018-06-20T01:00:00Z', 0, 1],
  ],
  truncated: false,
  other: null,
  hidden: null,
  subtotals: null,
  range: null,
  stats: { ms: 1, rows_scanned: 4, source: 'flow' },
};

const text = async (parts: AsyncIterable<string>): Promise<string> => {
  let whole = '';
  for await (const part of parts) whole += part;
  return whole;
};

describe('exports', () => {
  it('CSV: quoted as RFC 4180 says, formulas defused, negative numbers left alone', async () => {
    expect(await text(delimitedText(answerTable(answer), ','))).toBe(
      [
        'tag,time,flows,rejected_share',
        `"'=HYPERLINK(""http://x"")",2018-06-20T00:00:00Z,12,0.5`,
        "'-1+1,,9223372036854775807,",
        '"a,b\t""c""\nd",2018-06-20T01:00:00Z,-3,1',
        ',2018-06-20T01:00:00Z,0,1',
        '',
      ].join('\r\n'),
    );
    expect((await text(delimitedText(answerTable(answer), '\t'))).split('\r\n')[2]).toBe(
      "'-1+1\t\t9223372036854775807\t",
    );
  });

  it('JSON: an array of objects, values as they are', async () => {
    const rows = JSON.parse(await text(jsonText(answerTable(answer)))) as Record<string, Cell>[];
    expect(rows.map((row) => Object.values(row))).toEqual(answer.rows);
    expect(await text(jsonText(answerTable({ ...answer, rows: [] })))).toBe('[]\n');
  });

  it('Parquet: typed columns that another reader reads', async () => {
    const file = await parquetOf(answer);
    const read = await parquetReadObjects({ file });
    expect(read.map((row) => Object.values(row))).toEqual([
      ['=HYPERLINK("http://x")', new Date('2018-06-20T00:00:00Z'), 12n, 0.5],
      ['-1+1', null, 9223372036854775807n, null],
      ['a,b\t"c"\nd', new Date('2018-06-20T01:00:00Z'), -3n, 1],
      [null, new Date('2018-06-20T01:00:00Z'), 0n, 1],
    ]);
  });

  it('Parquet: many rows in row groups, an empty result too', async () => {
    const rows = Array.from({ length: 120_001 }, (_, at) => [`t${at % 7}`, null, at, at / 2]);
    const file = await parquetOf({ ...answer, rows });
    expect(parquetMetadata(file).row_groups.map((group) => Number(group.num_rows))).toEqual([
      50_000, 50_000, 20_001,
    ]);
    const last = await parquetReadObjects({ file, rowStart: 120_000, columns: ['flows'] });
    expect(last).toEqual([{ flows: 120_000n }]);
    expect(await parquetReadObjects({ file: await parquetOf({ ...answer, rows: [] }) })).toEqual([]);
  });
});

async function parquetOf(from: Answer): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for await (const part of parquetBytes(answerTable(from))) parts.push(part);
  const whole = Buffer.concat(parts);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength);
}

describe('raw flows', () => {
  it('are all there once, however many share a second, and those without a start', async () => {
    const seconds = Array.from({ length: 34_000 }, (_, at) => (at < 25_000 ? 0 : Math.floor(at / 3)));
    const all = seconds.map((second, at) => [new Date(second * 1000).toISOString(), at] as const);
    const asked: unknown[] = [];
    interface Page {
      readonly time?: { readonly from: string; readonly to: string };
      readonly filter: readonly unknown[];
      readonly offset: number;
      readonly limit: number;
    }
    const records = async (request: Page): Promise<unknown> => {
      asked.push(request);
      const startless = request.filter.length > 0;
      const rows = startless
        ? [[null, -1]]
        : all.filter(([start]) => start >= (request.time?.from ?? '') && start < (request.time?.to ?? '9'));
      const columns = [
        { name: 'start', label: 'Start', type: 'time' },
        { name: 'dstport', label: 'Port', type: 'number' },
      ];
      const page = rows.slice(request.offset, request.offset + request.limit);
      return { columns, rows: page, more: rows.length > request.offset + request.limit };
    };
    const service = {
      query: async () => ({ range: null }),
      schema: async () => ({ store: { from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z' } }),
      records,
    };
    const table = await recordsTable(service as unknown as StoreService, {}, {});
    const seen: Cell[] = [];
    for await (const rows of table.chunks) seen.push(...rows.map((row) => row[1] ?? null));
    expect(seen).toEqual([...all.map(([, at]) => at), -1]);
    expect(asked.length).toBeLessThan(20);
  });
});
