import { describe, expect, it } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { InvestigationEnrichment } from '../../src/investigate/investigation-enrichment.ts';
import { investigate } from '../../src/investigate/investigate.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { HOURS, START, trafficFindings, trafficRecords } from '../investigate/traffic-world.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { storeClickHouse } from './store-clickhouse.ts';

const folder = useTempFolder();
const enrichment: InvestigationEnrichment = {
  ownAddress: () => null,
  ownAddresses: () => [],
  outsideAddress: () => null,
  portName: () => null,
};

describe.skipIf(whyNot !== null)(`on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();

  it('findings about traffic are those of DuckDB, word for word', async () => {
    const store = await DuckDbStore.open({
      folder: `${folder.path}/store`,
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
    });
    await writeRecords(store, 'traffic', trafficRecords);
    const clickhouse = await storeClickHouse(server.database(), trafficRecords);
    const scope = {
      columns: store.columns.flow,
      coverageColumns: store.columns.coverage,
      from: START,
      to: START + HOURS * 3600,
      sumsFrom: null,
    };
    const own: InvestigationEnrichment = { ...enrichment, ownAddresses: () => ['2600:1f18::1'] };
    const expected = await store.statements(null, (session) => investigate(scope, session, own));
    expect(expected.findings.map(({ kind, sources }) => `${kind} ${sources[0]?.address}`).toSorted()).toEqual(
      trafficFindings,
    );
    expect(await clickhouse.statements(null, (session) => investigate(scope, session, own))).toEqual(
      expected,
    );
    await clickhouse.close();
    await store.close();
  });
});
