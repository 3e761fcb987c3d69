import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** Lines that are sent at once. */
const AT_ONCE = 500_000;

const columns =
  'version UInt8, account_id LowCardinality(String), interface_id LowCardinality(String), srcaddr IPv6, dstaddr IPv6, srcport UInt16, dstport UInt16, protocol UInt8, packets Int64, bytes Int64, "start" UInt32, "end" UInt32, action LowCardinality(String), log_status LowCardinality(String)';

/**
 * Has ClickHouse load the lines of a gzip file by itself, as an expert would have it: text separated by tabs into a table in the
 * order of ours, with neither ledger nor rollups. The lines are made ready before the clock runs. Resolves to seconds.
 *
 * @param address the server's, with the database as its path, which is there
 */
export async function loadByItself(address: string, file: string): Promise<number> {
  const url = new URL(address);
  const database = decodeURIComponent(url.pathname.slice(1)) || 'peephole';
  const run = async (query: string, body: string): Promise<void> => {
    const asked = new URL(`/?${new URLSearchParams({ database, query }).toString()}`, url.origin);
    const reply = await fetch(asked, { method: 'POST', body });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text);
  };
  await run(
    `CREATE TABLE loaded_by_itself (${columns}, hour UInt32 DEFAULT intDiv("start", 3600)) ENGINE = MergeTree ORDER BY (hour, action, dstaddr, srcaddr, dstport)`,
    '',
  );
  const names = columns.split(', ').map((column) => column.split(' ')[0]);
  const insert = `INSERT INTO loaded_by_itself (${names.join(', ')}) FORMAT TabSeparated`;
  let seconds = 0;
  const send = async (lines: readonly string[]): Promise<void> => {
    const text = `${lines.join('\n')}\n`;
    const began = performance.now();
    await run(insert, text);
    seconds += (performance.now() - began) / 1000;
  };
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    if (!line.endsWith(' OK')) continue;
    lines.push(line.replaceAll(' ', '\t'));
    if (lines.length < AT_ONCE) continue;
    await send(lines);
    lines = [];
  }
  if (lines.length > 0) await send(lines);
  await run('DROP TABLE loaded_by_itself', '');
  return seconds;
}
