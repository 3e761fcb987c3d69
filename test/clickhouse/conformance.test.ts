import { describe, vi } from 'vitest';
import { describeEngine } from '../conformance/describe-engine.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { storeClickHouse } from './store-clickhouse.ts';

// A statement of many steps is planned for seconds, as long as common tables are not made once.
vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(whyNot !== null)(`a store in ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();
  describeEngine(
    'ClickHouse',
    (records, enrichment) => storeClickHouse(server.database(), records, enrichment),
    {
      skip: [
        {
          test: 'addresses that are others written in IPv6',
          reason: 'there an IPv4 address is the IPv6 address that stands for it',
        },
      ],
    },
  );
});
