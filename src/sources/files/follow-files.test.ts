import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import type { SourceSink } from '../source.ts';
import { FollowedFiles } from './follow-files.ts';

const temp = useTempFolder();

/** A sink that records its inputs; `fail` has the names of those that can't be read. */
function notingSink(fail: ReadonlySet<string> = new Set()): SourceSink & { readonly taken: string[] } {
  const taken: string[] = [];
  return {
    taken,
    positions: async () => new Map(),
    takeMessages: async () => undefined,
    takeObjects: async (inputs) => {
      for (const { name, tag } of inputs) {
        expect(tag).not.toBeNull();
        taken.push(name.slice(name.lastIndexOf('/') + 1));
      }
      return {
        failed: inputs
          .filter(({ name }) => fail.has(name))
          .map(({ name }) => ({ input: name, reason: 'no' })),
      };
    },
  };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('followed files', () => {
  test('are read when they appear and when they change, but not while they are being written', async () => {
    const folder = join(temp.path, 'logs');
    await mkdir(folder);
    await writeFile(join(folder, 'a.log'), 'a\n');
    const sink = notingSink();
    const ending = new AbortController();
    let live = false;
    const reading = new FollowedFiles({ name: folder, cwd: '/', except: '/nowhere' }).read({
      sink,
      follow: true,
      signal: ending.signal,
      note: (progress) => (live = progress.live ?? live),
    });
    await until(() => sink.taken.length === 1 && live);
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await appendFile(join(folder, 'b.log'), 'b\n');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await writeFile(join(folder, 'c.log.part'), 'c\n');
    await rename(join(folder, 'c.log.part'), join(folder, 'c.log'));
    await until(() => sink.taken.includes('c.log'));
    expect(sink.taken).toEqual(['a.log', 'c.log']);
    writing = false;
    await writer;
    await until(() => sink.taken.includes('b.log'));
    await appendFile(join(folder, 'a.log'), 'more\n');
    await rm(join(folder, 'c.log'));
    await until(() => sink.taken.length === 4);
    expect(sink.taken).toEqual(['a.log', 'c.log', 'b.log', 'a.log']);
    ending.abort();
    await reading;
  });

  test.each(['', '/*.log'])('may all be yet to come, into a folder that is empty (%s)', async (glob) => {
    const folder = join(temp.path, `empty${glob.length}`);
    await mkdir(folder);
    const sink = notingSink();
    const ending = new AbortController();
    let live = false;
    const source = new FollowedFiles({ name: `${folder}${glob}`, cwd: '/', except: '/nowhere' });
    const run = { sink, signal: ending.signal, note: () => (live = true) };
    // Who reads it once is told.
    await expect(source.read({ ...run, follow: false })).rejects.toThrow(/no files|nothing that matches/);
    expect(live).toBe(false);
    const reading = source.read({ ...run, follow: true });
    await until(() => live);
    await writeFile(join(folder, 'first.log'), 'a\n');
    await until(() => sink.taken.length === 1);
    ending.abort();
    await reading;
    const typo = new FollowedFiles({ name: `${folder}-typo`, cwd: '/', except: '/nowhere' });
    await expect(typo.read({ ...run, follow: true })).rejects.toThrow(/no such file or folder/);
  });

  test('are retried if they could not be read', async () => {
    const file = join(temp.path, 'again.log');
    await writeFile(file, 'a\n');
    const sink = notingSink(new Set([file]));
    const ending = new AbortController();
    const reading = new FollowedFiles({ name: file, cwd: '/', except: '/nowhere' }).read({
      sink,
      follow: true,
      signal: ending.signal,
      note: () => undefined,
    });
    await until(() => sink.taken.length === 3);
    ending.abort();
    await reading;
  });

  test('must exist at the start', async () => {
    const reading = new FollowedFiles({ name: 'nothing', cwd: temp.path, except: '/nowhere' }).read({
      sink: notingSink(),
      follow: true,
      signal: new AbortController().signal,
      note: () => undefined,
    });
    await expect(reading).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('nothing'),
    });
  });
});
