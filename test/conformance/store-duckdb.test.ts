import { describeEngine } from './describe-engine.ts';
import { storeDuckDb } from './store-duckdb.ts';

describeEngine('DuckDB', storeDuckDb, {
  skip: [
    {
      test: 'a pattern that is no regular expression is the query’s fault',
      reason: 'the engine has yet to call explainRegexError, which knows all of RE2’s complaints',
    },
  ],
});
