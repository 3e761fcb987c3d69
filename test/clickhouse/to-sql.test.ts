import { describe, vi } from 'vitest';
import { describeToSql } from '../conformance/describe-to-sql.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { storeClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(whyNot !== null)(`a store in ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();
  describeToSql('ClickHouse', (records) => storeClickHouse(server.database(), records));
});
