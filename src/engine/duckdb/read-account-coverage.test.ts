import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLine } from '../../../test/support/log-lines.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { LocalService } from '../../service/local-service.ts';
import { DuckDbStore } from './duckdb-store.ts';

const folder = useTempFolder();
const HOUR_0 = 1_529_452_800;

/** A record of an hour: a flow, NODATA or SKIPDATA, by its status. */
function line(account: string, region: string, hour: number, status = 'OK'): string {
  const start = HOUR_0 + hour * 3600;
  const record = { 'account-id': account, start, end: start + 60, 'log-status': status };
  const none = {
    srcaddr: '-',
    dstaddr: '-',
    srcport: '-',
    dstport: '-',
    protocol: '-',
    packets: '-',
    bytes: '-',
    action: '-',
  };
  return `${logLine(status === 'OK' ? record : { ...none, ...record, srcaddr: '-' })} ${region}`;
}

test('gives hours with logs and with lost records for each account and region, up to 35 days back', async () => {
  const store = await DuckDbStore.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  try {
    const service = new LocalService(store);
    expect(await service.coverage()).toEqual({ range: null, accounts: [], truncated: false });
    const lines = [
      line('1', 'eu-west-1', 0),
      line('1', 'eu-west-1', 1, 'NODATA'),
      line('1', 'eu-west-1', 3, 'SKIPDATA'),
      line('1', 'us-east-1', 2),
      line('2', '-', 5),
      line('2', '-', 5),
      line('2', '-', 5),
      line('1', 'eu-west-1', 5 - 35 * 24),
    ];
    const layout =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status region';
    await writeFile(join(folder.path, 'a.log'), `${[layout, ...lines].join('\n')}\n`);
    await service.ingest({ names: ['a.log'], cwd: folder.path, format: null });
    const stretch = (from: number, to: number): object => ({
      from: `2018-06-20T0${from}:00:00Z`,
      to: `2018-06-20T0${to}:00:00Z`,
    });
    expect(await service.coverage()).toEqual({
      range: stretch(0, 6),
      truncated: false,
      accounts: [
        { account_id: '2', region: null, flows: 3, logged: [stretch(5, 6)], skipdata: [] },
        {
          account_id: '1',
          region: 'eu-west-1',
          flows: 1,
          logged: [stretch(0, 2), stretch(3, 4)],
          skipdata: [stretch(3, 4)],
        },
        { account_id: '1', region: 'us-east-1', flows: 1, logged: [stretch(2, 3)], skipdata: [] },
      ],
    });
  } finally {
    await store.close();
  }
});
