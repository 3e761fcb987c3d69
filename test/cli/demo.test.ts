import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { finished } from '../support/cli.ts';
import { header, logLine } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { address, flowsAt, FLOWS, small, stop, useDemos, type Status } from './demo.ts';

const LARGER = 122_000;
const demos = useDemos();

describe('peephole demo', () => {
  test('has the inventory of its company, so that the target of the story has a name; is made once', async () => {
    const store = demos.path('demo');
    const child = demos.start([...small, '--store', store], demos.path());
    const url = await address(child);
    const { names } = (await (await fetch(`${url}api/v1/names`)).json()) as {
      readonly names: readonly (readonly [string, string])[];
    };
    expect(names.map(([, name]) => name)).toContain('metrics-collector-3');
    expect(await flowsAt(url)).toBe(FLOWS);
    await stop(child);

    // Without a wish of its own the next start shows what is there, and makes nothing.
    const again = demos.start(['--port', '0', '--store', store], demos.path());
    const shown = await address(again);
    expect(await flowsAt(shown)).toBe(FLOWS);
    // Another demo can't be made where one is shown.
    const other = await finished(
      demos.start([...small, '--flows', String(LARGER), '--store', store], demos.path()),
    );
    expect(other.code).not.toBe(0);
    expect(other.stderr).toMatch(/Another Peephole process uses/);
    expect(await flowsAt(shown)).toBe(FLOWS);
    await stop(again);
  });

  test('leaves logs alone that are not known to be a demo', async () => {
    await writeFile(demos.path('own.log'), `${header}\n${logLine()}\n`);
    const home = demos.path('other-home');
    for (const store of [demos.path('own'), join(home, 'peephole', 'demo')]) {
      await runHere(['ingest', '--store', store, demos.path('own.log')]);
      const named = store === demos.path('own') ? ['--store', store] : [];
      const { code, stderr } = await finished(demos.start([...small, ...named], home));
      expect(code).not.toBe(0);
      expect(stderr).toContain(`peephole serve --store ${store}`);
      expect((await jsonHere<Status>(['status', '--json', '--store', store])).flows).toBe(1);
    }
  });
});
