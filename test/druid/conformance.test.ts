import { describe, inject } from 'vitest';
import { describeEngine } from '../conformance/describe-engine.ts';
import { newDataSource, storeDruid } from './store-druid.ts';

describe('a store in Druid', () => {
  describeEngine('Druid', (records, enrichment) =>
    storeDruid(newDataSource(inject('druid')), records, enrichment),
  );
});
