import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { peephole } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

const store = (): string => path('store');

beforeAll(async () => {
  await writeFile(path('a.log'), logFile(10));
  await runHere(['ingest', '--store', store(), path('a.log')]);
});

describe('questions and output', () => {
  test('JSON that is nested too deep is the question’s fault, wherever it comes from', async () => {
    const brackets = '['.repeat(50_000) + ']'.repeat(50_000);
    await writeFile(path('deep.json'), `{"filter": ${brackets}}`);
    for (const args of [
      ['query', path('deep.json')],
      ['query', `{"splits": ${brackets.slice(49_000, 51_000)}}`],
      ['explain', path('deep.json')],
    ]) {
      const { code, stderr } = await runHere([args[0] ?? '', '--store', store(), ...args.slice(1)]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/nested more than 64 levels deep/)]);
    }
  });

  test('an explanation says how much it compares with how much', async () => {
    const selection = '{"selection": [{"field": "srcaddr", "in": ["198.51.0.3"]}]}';
    const flows = await runHere(['explain', '--store', store(), selection]);
    expect(flows.stdout).toMatch(/^1 flow against 9 flows \(the rest\)/);
    const bytes = await runHere(['explain', '--store', store(), '--by', 'bytes', selection]);
    expect(bytes.stdout).toMatch(/^43 B against 402 B \(the rest\)/);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'output that can’t be written is said (needs /dev/full)',
    async () => {
      for (const args of [
        ['status', '--json'],
        ['sql', 'SELECT range FROM range(100000)'],
        ['query', '{}'],
      ]) {
        const { code, stderr } = await peephole([args[0] ?? '', '--store', store(), ...args.slice(1)], {
          stdout: '/dev/full',
        });
        expect([code, stderr]).toEqual([
          1,
          expect.stringMatching(/The output could not be written: .*space/),
        ]);
      }
    },
  );
});
