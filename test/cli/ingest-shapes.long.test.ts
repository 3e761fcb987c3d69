import { mkdir, readFile, readdir } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { tarOf } from '../../src/decode/fixtures/archives.ts';
import { logFile } from '../support/log-lines.ts';
import { useIngestHere } from './ingest-here.ts';

const { path, put, newStore, ingest, ingestWith } = useIngestHere();

describe('large archives', () => {
  test('a file in one that has the size of another is looked into', async () => {
    const store = newStore();
    // Larger than what is read at once, so that it goes another way.
    const large = logFile(80_000, 1_529_460_000);
    expect(large.length).toBeGreaterThan(8 * 1024 * 1024);
    const other = large.replaceAll('198.51.', '198.52.');
    expect(other.length).toBe(large.length);
    await ingest(store, await put('one/large.log', large));
    const both = tarOf([
      { name: 'same.log', content: large },
      { name: 'other.log', content: other },
    ]);
    const { report } = await ingest(store, await put('both.tar', both));
    expect(report).toMatchObject({ inputs: 2, skipped_inputs: 1, flows: 80_000 });
  });

  test('Parquet in an archive, larger than what is held in memory, leaves no file behind', async () => {
    const parquet = path('large.parquet');
    const duckdb = await DuckDBInstance.create(':memory:');
    const connection = await duckdb.connect();
    // Few rows and long texts: the bytes are what counts.
    await connection.run(
      `COPY (SELECT '10.0.' || (i // 256 % 256) || '.' || (i % 256) AS srcaddr, (i % 65536)::INTEGER AS dstport, md5(i::VARCHAR) AS interface_id,
         repeat(md5(i::VARCHAR), 20) AS instance_tag, (1529452800 + i % 3600)::BIGINT AS "start" FROM range(60000) t(i)) TO '${parquet}' (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    connection.closeSync();
    duckdb.closeSync();
    const bytes = await readFile(parquet);
    expect(bytes.length).toBeGreaterThan(33_554_432);
    const temporary = path('temporary');
    await mkdir(temporary);
    const input = await put('p.tar', tarOf([{ name: 'a.parquet', content: bytes }]));
    const { report } = await ingestWith({ env: { TMPDIR: temporary } }, newStore(), input);
    expect(report).toMatchObject({ inputs: 1, flows: 60_000 });
    expect(await readdir(temporary)).toEqual([]);
  });
});
