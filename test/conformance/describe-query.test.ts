import { describeToSql } from './describe-to-sql.ts';
import { storeDuckDb } from './store-duckdb.ts';

describeToSql('DuckDB', storeDuckDb);
