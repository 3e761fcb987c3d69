import { expect, test } from 'vitest';
import { parseQuery } from '../../model/query/parse-query.ts';
import { compile } from '../compile.ts';
import { clickhouse } from '../dialects/clickhouse/clickhouse-dialect.ts';

test('where common tables are made wherever they are read, each level of splits reads the one above it once', () => {
  const fields = [
    'action',
    'vpc_id',
    'protocol',
    'interface_id',
    'account_id',
    'dstport',
    'srcaddr',
    'dstaddr',
  ];
  const query = parseQuery({
    splits: fields.map((field) => ({ field, limit: 5 })),
    measures: ['flows', 'unique_sources', 'flows_per_hour'],
  });
  const { sql } = compile(query, { range: null, columns: new Set([...fields, 'start']) }, clickhouse);
  const [tables = ''] = sql.split('\nSELECT * FROM (');
  for (const [index] of fields.entries())
    for (const name of [`m${index}`, `t${index}`]) {
      const reads = tables.match(new RegExp(`\\b(FROM|JOIN) ${name} `, 'g')) ?? [];
      expect([name, reads.length]).toEqual([name, name === `t${fields.length - 1}` ? 0 : 1]);
    }
});
