import { beforeAll, describe } from 'vitest';
import { describeSample } from '../conformance/describe-sample.ts';
import { newDataSource, storeDruid } from '../druid/store-druid.ts';
import { sharedDruid } from './servers/shared.ts';

/** The small part of what `npm run test:druid` tests. */
describe('a store in Druid', () => {
  let druid: string;
  beforeAll(async () => {
    druid = await sharedDruid();
  });

  describeSample((records, enrichment) => storeDruid(newDataSource(druid), records, enrichment), 10);
});
