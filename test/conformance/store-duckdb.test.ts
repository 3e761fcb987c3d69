import { describeEngine } from './describe-engine.ts';
import { storeDuckDb } from './store-duckdb.ts';

// The long suite has more random queries, and enrichment of all derived fields and at one more time.
describeEngine('DuckDB', storeDuckDb, { runs: 4, enrichedEras: 1, nthDerivedField: 3 });
