import { parquetWriteBuffer } from 'hyparquet-writer';

/** Different records of AWS's default fields from `start` on (Unix seconds), as flow logs write them in Parquet. */
export function parquetFlowLog(count: number, start: number): Uint8Array {
  const column = (name: string, type: 'STRING' | 'INT32' | 'INT64', of: (i: number) => unknown) => ({
    name,
    type,
    data: Array.from({ length: count }, (_, i) => of(i)),
  });
  const bytes = parquetWriteBuffer({
    columnData: [
      column('version', 'INT32', () => 2),
      column('account_id', 'STRING', () => '123456789012'),
      column('interface_id', 'STRING', () => 'eni-0a1b2c3d4e5f60718'),
      column('srcaddr', 'STRING', () => '203.0.113.9'),
      column('dstaddr', 'STRING', () => '10.0.0.1'),
      column('srcport', 'INT32', (i) => 1024 + i),
      column('dstport', 'INT32', () => 443),
      column('protocol', 'INT32', () => 6),
      column('packets', 'INT64', () => 3n),
      column('bytes', 'INT64', () => 180n),
      column('start', 'INT64', () => BigInt(start)),
      column('end', 'INT64', () => BigInt(start + 60)),
      column('action', 'STRING', () => 'ACCEPT'),
      column('log_status', 'STRING', () => 'OK'),
    ],
  });
  return new Uint8Array(bytes);
}
