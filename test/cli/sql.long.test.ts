import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

describe('peephole sql', () => {
  test('only reads', async () => {
    const store = path('guarded');
    await writeFile(path('guarded.log'), logFile(10));
    await runHere(['ingest', '--store', store, path('guarded.log')]);
    // What else is refused: src/engine/duckdb/sql-guard.test.ts.
    const refused = [
      'DELETE FROM flows',
      "COPY (SELECT 1) TO '/tmp/peephole-should-not-be'",
      "SELECT * FROM read_csv('/etc/passwd')",
      '',
    ];
    for (const statement of refused) {
      const { code, stdout, stderr } = await runHere(['sql', '--store', store, statement]);
      expect([statement, code, stdout]).toEqual([statement, 2, '']);
      expect(stderr).toMatch(/^peephole: /);
    }
    expect(
      await jsonHere(['sql', '--store', store, '--format', 'json', 'SELECT count(*) AS n FROM flows']),
    ).toEqual([{ n: 10 }]);
  });

  test('prints tables, JSON and CSV; numbers that JavaScript cannot hold are strings', async () => {
    const store = path('printed');
    await writeFile(path('printed.log'), logFile(10));
    await runHere(['ingest', '--store', store, path('printed.log')]);
    const select = `SELECT 'a"b,c' AS text, 9007199254740993::BIGINT AS big, 1.5 AS real, NULL AS nothing, TIMESTAMP '2018-06-20 01:02:03' AS at, [1, 2] AS list, '\u001b[31mred' AS sly`;
    const [json] = await jsonHere<readonly unknown[]>(['sql', '--store', store, '--format', 'json', select]);
    expect(json).toEqual({
      text: 'a"b,c',
      big: '9007199254740993',
      real: 1.5,
      nothing: null,
      at: '2018-06-20T01:02:03Z',
      list: [1, 2],
      sly: '\u001b[31mred',
    });
    const csv = await runHere(['sql', '--store', store, '--format', 'csv', select]);
    expect(csv.stdout.split('\r\n')[1]).toBe(
      '"a""b,c",9007199254740993,1.5,,2018-06-20T01:02:03Z,"[1,2]",\\x1b[31mred',
    );
    const formula = await runHere([
      'sql',
      '--store',
      store,
      '--format',
      'csv',
      "SELECT '=1+1' AS a, -1 AS b",
    ]);
    expect(formula.stdout).toBe("a,b\r\n'=1+1,-1\r\n");
    const table = await runHere(['sql', '--store', store, select]);
    expect(table.stdout).toContain('\\x1b[31mred');
    expect(table.stdout).not.toContain('\u001b[31mred');
  });
});
