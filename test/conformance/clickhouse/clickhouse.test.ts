import { afterAll, describe } from 'vitest';
import { describeEngine } from '../describe-engine.ts';
import { closeClickHouse, whyNot } from './chdb.ts';
import { chdbEngine } from './chdb-engine.ts';

describe.skipIf(whyNot !== null)(`on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  afterAll(closeClickHouse);
  describeEngine('ClickHouse', chdbEngine);
});
