import type { StoreDriver } from '../store-driver.ts';
import { setUp } from './set-up.ts';
import { ClickHouseStore } from './clickhouse-store.ts';

/** Stores in databases of a ClickHouse server. */
export const clickhouseDriver: StoreDriver = {
  exists: (options) => ClickHouseStore.exists(options),
  open: (options) => ClickHouseStore.open(options),
  setUp,
};
