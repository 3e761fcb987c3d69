import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

describe('peephole status', () => {
  test('prints range, gaps and coverage', async () => {
    const store = path('status');
    const skip = '2 123456789012 eni-1 - - - - - - - 1529470800 1529470860 - SKIPDATA';
    await writeFile(path('s1.log'), `${logFile(100, 1_529_452_800)}${skip}\n`);
    await writeFile(path('s2.log'), logFile(100, 1_529_452_800 + 3 * 3600, 1));
    await runHere(['ingest', '--store', store, path('s1.log'), path('s2.log')]);
    const status = await jsonHere(['status', '--store', store, '--json']);
    expect(status).toMatchObject({
      flows: 200,
      skipdata: 1,
      nodata: 0,
      quarantined: 0,
      inputs: 2,
      range: { from: '2018-06-20T00:00:00Z', to: '2018-06-20T03:01:40Z' },
      gaps: [
        { from: '2018-06-20T01:00:00Z', to: '2018-06-20T03:00:00Z' },
        { from: '2018-06-20T04:00:00Z', to: '2018-06-20T05:00:00Z' },
      ],
      gap_hours: 3,
      skipdata_hours: 1,
    });
    const { stdout, code } = await runHere(['status', '--store', store]);
    expect(code).toBe(0);
    expect(stdout).toContain('200');
  });

  test('counts one as one', async () => {
    const store = path('one');
    await writeFile(path('o1.log'), `${logFile(1, 1_529_452_800)}no record\n`);
    await writeFile(path('o2.log'), logFile(1, 1_529_452_800 + 2 * 3600, 1));
    const nodata = '2 123456789012 eni-1 - - - - - - - 1529452800 1529452860 - NODATA\n';
    await writeFile(path('o3.log'), nodata);
    await runHere(['ingest', '--store', store, path('o1.log'), path('o2.log'), path('o3.log')]);
    const { stdout } = await runHere(['status', '--store', store]);
    expect(stdout).toMatch(/^Coverage +1 window without data/m);
    expect(stdout).toMatch(/^Quarantine +1 line$/m);
    expect(stdout).toMatch(/^Gaps +1 hour$/m);
  });
});

describe('peephole doctor', () => {
  test('finds everything in order', async () => {
    const { code, stdout } = await runHere(['doctor', '--store', path('doctored')]);
    expect([code, stdout.includes('✗')]).toEqual([0, false]);
  });
});
