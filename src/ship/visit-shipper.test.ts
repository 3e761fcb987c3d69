import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { visitFile, visitLine } from '../../test/support/visit-lines.ts';
import { VisitShipper, type Shipped } from './visit-shipper.ts';

const temp = useTempFolder();
const LISTENER = '0123456789abcdef';
const signal = new AbortController().signal;

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) =>
    visitLine({ listener: LISTENER, number: from + i, at: 1_769_860_800_000, source: '192.0.2.1' }),
  ).join('');

interface Place {
  readonly folder: string;
  readonly objects: Map<string, string>;
  readonly problems: string[];
  /** Ships with a new process's memory. */
  ship: () => Promise<Shipped>;
  /** What the next objects meet. */
  before: (name: string) => void;
  after: (name: string) => void;
}

function place(): Place {
  const folder = mkdtempSync(join(temp.path, 'visits-'));
  const here: Place = {
    folder,
    objects: new Map(),
    problems: [],
    before: () => undefined,
    after: () => undefined,
    ship: () =>
      new VisitShipper({
        folder,
        state: join(folder, 'state.json'),
        target: {
          name: 's3://bucket/door',
          async put(name, bytes) {
            here.before(name);
            const text = gunzipSync(bytes).toString();
            expect(here.objects.get(name) ?? text).toBe(text);
            here.objects.set(name, text);
            here.after(name);
          },
        },
        onProblem: (message) => here.problems.push(message),
      }).shipNew(signal),
  };
  return here;
}

const shipped = ({ objects }: Place): string =>
  [...objects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('');

describe('what a listener wrote', () => {
  test('goes out as whole lines, and what was shipped not again', async () => {
    const here = place();
    const file = join(here.folder, visitFile(LISTENER));
    const torn = lines(4, 5);
    writeFileSync(file, lines(1, 4) + torn.slice(0, 40));
    writeFileSync(join(here.folder, 'mine.txt'), 'mine');
    expect(await here.ship()).toEqual({ objects: 1, lines: 3, bytes: lines(1, 4).length });
    expect(await here.ship()).toMatchObject({ objects: 0, lines: 0 });
    appendFileSync(file, torn.slice(40) + lines(5, 7));
    expect(await here.ship()).toMatchObject({ objects: 1, lines: 3 });
    expect(shipped(here)).toBe(lines(1, 7));
    expect([...here.objects.keys()][0]).toBe(
      `visits-${LISTENER}-000001.0000000000-${String(lines(1, 4).length).padStart(10, '0')}.jsonl.gz`,
    );
    expect(here.problems).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'is once at its place though a process ends %s an object is stored',
    async (when) => {
      const here = place();
      const file = join(here.folder, visitFile(LISTENER));
      writeFileSync(file, lines(1, 4));
      here[when] = () => {
        throw new Error('killed');
      };
      await expect(here.ship()).rejects.toThrow('killed');
      here[when] = () => undefined;
      // More came meanwhile: it does not change the object that was begun.
      appendFileSync(file, lines(4, 9));
      expect(await here.ship()).toMatchObject({ objects: 2, lines: 8 });
      expect(shipped(here)).toBe(lines(1, 9));
    },
  );

  test('that ends in the middle of a line is shipped with it once nobody writes any more', async () => {
    const here = place();
    const file = join(here.folder, visitFile(LISTENER));
    const text = lines(1, 3).slice(0, -30);
    writeFileSync(file, text);
    expect(await here.ship()).toMatchObject({ lines: 1 });
    expect(here.problems).toEqual([]);
    const before = Date.now() / 1000 - 3600;
    utimesSync(file, before, before);
    expect(await here.ship()).toMatchObject({ objects: 1, lines: 1 });
    expect(shipped(here)).toBe(text);
    expect(here.problems).toEqual([expect.stringContaining('ends in the middle of a line')]);
    expect(await here.ship()).toMatchObject({ objects: 0 });
  });

  test('that was removed before it was shipped is reported', async () => {
    const here = place();
    writeFileSync(join(here.folder, visitFile(LISTENER, 1)), lines(1, 2));
    await here.ship();
    rmSync(join(here.folder, visitFile(LISTENER, 1)));
    writeFileSync(join(here.folder, visitFile(LISTENER, 4)), lines(7, 8));
    expect(await here.ship()).toMatchObject({ objects: 1 });
    expect(here.problems).toEqual([expect.stringMatching(/^2 files of listener 0123456789abcdef before /)]);
  });

  test('to one place is not mixed up with what went to another, and a damaged state is no reason to guess', async () => {
    const here = place();
    writeFileSync(join(here.folder, visitFile(LISTENER)), lines(1, 2));
    await here.ship();
    const state = join(here.folder, 'state.json');
    writeFileSync(state, readFileSync(state, 'utf8').replace('s3://bucket/door', 's3://other'));
    await expect(here.ship()).rejects.toThrow(/is of s3:\/\/other/);
    writeFileSync(state, '{"destination":"s3://bucket/door","files":{"x":{"sent":-1,"sending":null}}}');
    await expect(here.ship()).rejects.toThrow(/does not say how far/);
  });
});
