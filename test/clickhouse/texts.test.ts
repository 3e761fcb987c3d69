import { describe, expect, it } from 'vitest';
import { ClickHouseServer } from '../../src/engine/clickhouse/server.ts';
import { clickhouse } from '../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import { textLiteral } from '../../src/sql/dialects/clickhouse/clickhouse-layout.ts';
import { hostileTexts } from '../conformance/arbitrary-flows.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';

describe.skipIf(whyNot !== null)(`ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();

  it('takes every text as it is: bound, as a literal, as a name, in a row', async () => {
    const database = new ClickHouseServer({ url: server.database(), username: 'default', password: '' });
    await database.createDatabase();
    await database.run('CREATE TABLE text (at UInt32, text String) ENGINE = MergeTree ORDER BY at');
    const more = [
      '\\',
      "\\'",
      '\\0',
      '{p1:String}',
      '`',
      'a"b\\"c',
      "')) --",
      '\u0007\b\f\r',
      'x'.repeat(10_000),
    ];
    const texts = [...hostileTexts, ...more];
    await database.insert(
      'text',
      texts.map((text, at) => ({ at, text })),
    );
    expect(await database.rows('SELECT text FROM text ORDER BY at')).toEqual(texts.map((text) => [text]));
    for (const text of texts) {
      const bound = clickhouse.placeholder(1, 'String');
      expect(await database.rows(`SELECT ${bound}, ${textLiteral(text)}`, [text])).toEqual([[text, text]]);
      // A name can't be empty, nor hold what ends a string in C.
      if (text === '' || text.includes('\0')) continue;
      const name = clickhouse.quote(text);
      expect(await database.rows(`SELECT t.${name} FROM (SELECT 7 AS ${name}) t`)).toEqual([[7]]);
    }
    await database.close();
  });
});
