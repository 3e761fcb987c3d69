import { describeEngine } from './describe-engine.ts';
import { memoryDuckDb } from './memory-duckdb.ts';

describeEngine('SQL for DuckDB', memoryDuckDb);
