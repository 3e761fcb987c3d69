import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logFiles } from './read-back.ts';
import { simulate, type SimulationSummary } from './simulate.ts';
import { smallWorld } from './small-world.ts';

let folder = '';
let summary: SimulationSummary;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-simulate-'));
  summary = await simulate({ ...smallWorld, out: join(folder, 'one') });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A digest of every file: its name and what is in it. */
async function digest(out: string): Promise<string> {
  const hash = createHash('sha256');
  const files = [
    ...(await logFiles(out)),
    join(out, 'truth.json'),
    join(out, 'inventory/network-interfaces.json'),
  ];
  for (const file of files) hash.update(relative(out, file)).update(await readFile(file));
  return hash.digest('hex');
}

describe('the same again', () => {
  test('in another time zone: byte for byte', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kathmandu';
    try {
      await simulate({ ...smallWorld, out: join(folder, 'again') });
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(await digest(join(folder, 'again'))).toBe(await digest(join(folder, 'one')));
    await rm(join(folder, 'again'), { recursive: true });
  });

  test('with another seed: another company', async () => {
    const other = await simulate({ ...smallWorld, seed: 2, out: join(folder, 'other') });
    expect(other.flows).toBe(smallWorld.flows);
    expect(other.truth.story.target.address).not.toBe(summary.truth.story.target.address);
    expect(await digest(join(folder, 'other'))).not.toBe(await digest(join(folder, 'one')));
    await rm(join(folder, 'other'), { recursive: true });
  });
});

describe('what cannot be', () => {
  test('too few flows: the message says how many it takes, and that many do', async () => {
    const out = join(folder, 'few');
    const error = await simulate({ ...smallWorld, flows: 17_000, out }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(/at least \d+ flows/) });
    const { minimum } = (error as { details: { minimum: number } }).details;
    const least = await simulate({ ...smallWorld, flows: minimum, out });
    expect(least.flows).toBe(minimum);
    await rm(out, { recursive: true });
  });

  test('a folder with an earlier simulation is left alone', async () => {
    const before = await digest(join(folder, 'one'));
    await expect(simulate({ ...smallWorld, seed: 3, out: join(folder, 'one') })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(await digest(join(folder, 'one'))).toBe(before);
  });

  test.each([
    { days: 0 },
    { days: 0.3 },
    { flows: 1.5 },
    { flows: -1 },
    { start: new Date('2018-06-20T00:30:00Z') },
  ])('options %j', async (wrong) => {
    await expect(simulate({ ...smallWorld, ...wrong, out: join(folder, 'wrong') })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('stopped half-way: nothing stays behind', async () => {
    const out = join(folder, 'stopped');
    const stop = new AbortController();
    const run = simulate({ ...smallWorld, out, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(await logFiles(folder).then((files) => files.some((file) => file.startsWith(out)))).toBe(false);
  });
});
