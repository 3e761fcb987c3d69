import { expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { visitLine } from '../../../test/support/visit-lines.ts';
import { parseVisit } from '../../model/visits/parse-visit.ts';
import type { Visit } from '../../model/visits/visit.ts';
import { PartBuilder } from '../../decode/part/part-builder.ts';
import { duckdbDriver } from './driver.ts';

const folder = useTempFolder();

function visit(number: number, bytes: number, ended: Visit['ended']): Visit {
  const line = visitLine({
    listener: '0123456789abcdef',
    number,
    at: 1_769_860_800_000,
    source: '192.0.2.1',
  });
  const parsed = parseVisit(line);
  if (typeof parsed === 'string' || 'unkept' in parsed) throw new Error('no visit');
  return { ...parsed, bytes, ended };
}

test('a visit that was stored while open is replaced by its later version, and counts once', async () => {
  const store = await duckdbDriver.open({ folder: folder.path, memoryBytes: 256 * 1024 * 1024, threads: 1 });
  const take = (...visits: readonly Visit[]): Promise<number> =>
    store.write(async (batch) => {
      const input = await batch.openStream('visits');
      const { duplicates } = await batch.append(input, { ...new PartBuilder(1).finish(), visits });
      batch.closeStream(input);
      return duplicates;
    });
  const all = { from: null, to: null, ports: [], sources: [] };
  const known = async (): Promise<readonly (readonly [string, number, string])[]> =>
    (await store.visits.latest(all, 9))
      .map(({ id, bytes, ended }) => [id.slice(17), bytes, ended] as const)
      .sort();
  expect(await take(visit(1, 0, 'open'), visit(2, 4, 'open'), visit(3, 7, 'timed_out'))).toBe(0);
  expect(await take(visit(1, 9, 'open'), visit(2, 0, 'open'), visit(3, 9, 'open'))).toBe(3);
  expect(await known()).toEqual([['1', 9, 'open'], ['2', 4, 'open'], ['3', 7, 'timed_out']]); // prettier-ignore
  expect(await take(visit(1, 12, 'peer_closed'), visit(4, 0, 'open'), visit(4, 5, 'answered'))).toBe(2);
  expect(await take(visit(1, 20, 'peer_reset'), visit(4, 0, 'open'))).toBe(2);
  expect(await known()).toEqual([['1', 12, 'peer_closed'], ['2', 4, 'open'], ['3', 7, 'timed_out'], ['4', 5, 'answered']]); // prettier-ignore
  expect(await store.visits.totals(all)).toMatchObject({ visits: 4, bytes: 28 });
  await store.close();
});
