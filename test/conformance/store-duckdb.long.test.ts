import { describeEngine } from './describe-engine.ts';
import { storeDuckDb } from './store-duckdb.ts';

describeEngine('DuckDB', storeDuckDb, { runs: 60 });
