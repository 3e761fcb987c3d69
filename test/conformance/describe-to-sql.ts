import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras, hostileTexts } from './arbitrary-flows.ts';
import { evaluate } from './evaluate.ts';
import type { FlowObject } from './flow-object.ts';
import { sqlRows } from '../support/sql-rows.ts';

const [era] = eras;
if (era === undefined) throw new Error('no era');
const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 4 });

type Shown = Pick<FlowStore, 'sql' | 'toSql' | 'close'>;

/** What Show query prints gives, as SQL of users, the rows of the query: of any engine. */
export function describeToSql(
  name: string,
  makeEngine: (records: readonly FlowObject[]) => Promise<Shown>,
): void {
  describe(`the SQL that ${name} shows`, () => {
    toSqlTests(makeEngine);
  });
}

function toSqlTests(makeEngine: (records: readonly FlowObject[]) => Promise<Shown>): void {
  let engine: Shown;
  beforeAll(async () => {
    engine = await makeEngine(records);
  });
  afterAll(() => engine.close());

  // The view has text: addresses sort as text there, so what is compared here is sorted by measures or by numbers.
  test.each([
    {},
    { measures: ['flows', 'packets', 'rejected_flows', 'unique_sources', 'hours_active'] },
    { splits: [{ field: 'dstport', limit: 3 }] },
    { splits: [{ field: 'vpc_id', limit: null, sort: { by: 'vpc_id', order: 'desc' } }] },
    { splits: [{ field: 'time', bucket: 'PT1H' }], time: { last: 'PT3H' } },
    { splits: [{ field: 'start', bucket: 'PT15M' }], measures: ['hours_active'] },
    {
      splits: [
        { field: 'dstport', limit: 2 },
        { field: 'time', bucket: 'PT1H' },
      ],
    },
    {
      splits: [
        { field: 'action', limit: 2 },
        { field: 'dstport', limit: 3 },
        { field: 'protocol', limit: 1 },
      ],
      measures: ['packets'],
    },
    { splits: [{ field: 'packets', bucket: 100, sort: { by: 'packets' } }], measures: ['packets'] },
    { splits: [{ field: 'dstport' }], having: [{ measure: 'flows', between: [5, null] }] },
    {
      splits: [{ field: 'dstport', limit: null, sort: { by: 'dstport' } }, { field: 'action' }],
      having: [{ measure: 'flows', between: [5, null] }],
      having_depth: 1,
    },
    { filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/8', '172.16.0.0/12', '203.0.113.9'] }] },
    {
      filter: [
        { field: 'srcaddr', cidr: ['10.0.0.0/8'], not: true },
        { field: 'dstport', between: [1, 1023] },
      ],
    },
    {
      filter: [
        { field: 'srcaddr', contains: 'DB8' },
        { field: 'dstport', in: [null, 22], not: true },
      ],
    },
    {
      filter: [
        { field: 'time', between: ['2018-06-20T12:00:00Z', null] },
        { field: 'dstport', matches: '^4' },
      ],
    },
    ...hostileTexts.map((text) => ({ filter: [{ field: 'instance_tag', in: [text] }] })),
    ...hostileTexts.map((text) => ({ filter: [{ field: 'instance_tag', contains: text, not: true }] })),
  ])('the SQL shown for %j gives the same rows', async (json) => {
    const query = parseQuery(json);
    const result = await sqlRows(await engine.sql(await engine.toSql(query)));
    const plain = (rows: readonly (readonly unknown[])[]): unknown =>
      rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
    expect(plain(result)).toEqual(plain(evaluate(query, records).rows));
  });

  test('what can’t be said over the view is said to be missing, and the rest still runs', async () => {
    const query = parseQuery({
      time: { last: 'P1D' },
      compare: { shift: 'P1D' },
      filter: [{ field: 'srcaddr', cidr: ['2001:db8::/32'] }],
      splits: [
        { field: 'dstport', limit: 3 },
        { field: 'time', bucket: 'P1D' },
      ],
      measures: ['connections', 'flows_per_hour'],
      having: [{ measure: 'flows', between: [1, null] }],
      other: true,
      subtotals: true,
      timezone: 'Europe/Berlin',
    });
    const sql = await engine.toSql(query);
    expect(sql).toMatch(/^-- Compared with P1D earlier/m);
    const { columns, close } = await engine.sql(sql);
    await close();
    expect(columns.map(({ name }) => name)).toEqual(['dstport', 'time', 'connections', 'flows_per_hour']);
  });
}
