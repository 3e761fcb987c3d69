import { afterAll, describe, vi } from 'vitest';
import { describeEngine } from '../describe-engine.ts';
import { closeClickHouse, whyNot } from './chdb.ts';
import { chdbEngine } from './chdb-engine.ts';

// A statement of many steps is planned for seconds, as long as common tables are not made once.
vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(whyNot !== null)(`on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  afterAll(closeClickHouse);
  describeEngine('ClickHouse', chdbEngine);
});
