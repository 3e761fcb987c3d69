import { describeEngine } from './describe-engine.ts';
import { storeDuckDb } from './store-duckdb.ts';

// The long suite has more random queries.
describeEngine('DuckDB', storeDuckDb, { runs: 5 });
