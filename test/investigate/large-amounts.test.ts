import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { LocalService } from '../../src/service/local-service.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
/** The largest amount that a log may have (docs/formats.md). */
const LARGEST = '9223372036854775807';

/** The lines of a log with the largest bytes and packets in every `nth` of those that have some. */
function withLargest(text: string, nth: number): string {
  const [head = '', ...lines] = text.split('\n');
  const names = head.split(' ');
  const places = ['bytes', 'packets'].map((name) => names.indexOf(name)).filter((at) => at >= 0);
  const changed = lines.map((line, index) => {
    const values = line.split(' ');
    if (index % nth !== 0) return line;
    return values
      .map((value, at) => (places.includes(at) && /^[0-9]+$/.test(value) ? LARGEST : value))
      .join(' ');
  });
  return [head, ...changed].join('\n');
}

test.each([1, 7])(
  'the largest amounts in every flow of %i hide nothing of what was rejected',
  async (nth) => {
    const out = join(temp.path, `logs-${nth}`);
    const { truth } = await simulate({
      ...smallWorld,
      out,
      flows: 24_000,
      seed: 'largest',
      story: { strangers: 4, perHour: 60 },
      fileMinutes: 60,
    });
    const names = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.log.gz'));
    const texts = await Promise.all(
      names.map(async (name) => withLargest(gunzipSync(await readFile(join(out, name))).toString(), nth)),
    );
    await withLoggedStore(temp.path, texts, async (store) => {
      const service = new LocalService(store);
      const { findings, rest, totals } = await service.knocks(null);
      expect(totals.flows).toBe(truth.totals['flows']);
      const told = [...findings.map((one) => one.rejected_flows), ...rest.map(({ flows }) => flows)];
      expect(told.reduce((sum, flows) => sum + flows, 0)).toBe(truth.totals['rejected_flows']);
      const { combinations } = await service.explain({
        selection: [{ field: 'action', in: ['REJECT'] }],
        by: 'bytes',
      });
      expect(combinations.length).toBeGreaterThan(0);
    });
  },
);
