import { afterAll, describe, expect, it } from 'vitest';
import { clickhouse } from '../../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import { textLiteral } from '../../../src/sql/dialects/clickhouse/clickhouse-layout.ts';
import { hostileTexts } from '../arbitrary-flows.ts';
import { ChdbDatabase, closeClickHouse, whyNot } from './chdb.ts';

describe.skipIf(whyNot !== null)(`on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  afterAll(closeClickHouse);

  it('takes every text as it is: bound, in a list, as a literal, as a name', () => {
    const database = new ChdbDatabase();
    const more = ['\\', "\\'", '\\0', '{p1:String}', '`', 'a"b\\"c', "')) --", '\u0007\b\f\r'];
    for (const text of [...hostileTexts, ...more]) {
      const bound = clickhouse.placeholder(1, 'String');
      expect(database.run(`SELECT ${bound}, ${textLiteral(text)}`, [text])).toEqual([[text, text]]);
      // A name can't be empty, nor hold what ends a string in C.
      if (text === '' || text.includes('\0')) continue;
      const name = clickhouse.quote(text);
      expect(database.run(`SELECT t.${name} FROM (SELECT 7 AS ${name}) t`)).toEqual([[7]]);
    }
    database.drop();
  });
});
