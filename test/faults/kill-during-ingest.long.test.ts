import { describeKilledIngest } from './kill-during-ingest.ts';

describeKilledIngest({ shares: [null, 0.1, 0.5, 0.6, 0.8], small: 60, largeRows: 300_000 });
