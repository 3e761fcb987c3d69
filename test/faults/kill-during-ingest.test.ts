import { describeKilledIngest } from './kill-during-ingest.ts';

// The long suite kills earlier and later as well.
describeKilledIngest({ shares: [0.5], small: 20, largeRows: 150_000 });
