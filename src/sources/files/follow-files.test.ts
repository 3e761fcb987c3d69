import { appendFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.ts';
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

  test('that may not be read are, once they may', async () => {
    const file = join(temp.path, 'closed.log');
    await writeFile(file, 'a\n');
    let closed = true;
    const tags: (string | null)[] = [];
    const sink: SourceSink = {
      ...notingSink(),
      takeObjects: async (inputs) => {
        tags.push(...inputs.map(({ tag }) => tag));
        return { failed: [] };
      },
    };
    const ending = new AbortController();
    // Whoever runs the tests as root may read every file.
    const source = new FollowedFiles({ name: file, cwd: '/', except: '/nowhere' }, async () => !closed);
    const reading = source.read({
      sink,
      follow: true,
      signal: ending.signal,
      note: () => undefined,
    });
    await until(() => tags.length === 1);
    closed = false;
    await until(() => tags.length === 2);
    expect(tags[0]).toBe(`${tags[1]}-closed`);
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

  test('are read up to the end of their last line, and to their end once they are left alone', async () => {
    const folder = join(temp.path, 'halves');
    await mkdir(folder);
    const half = join(folder, 'half.log');
    await writeFile(half, 'one\ntwo\nthr');
    await writeFile(join(folder, 'begun.log'), 'o');
    await writeFile(join(folder, 'closed.json'), '{"a": [1]}');
    await writeFile(join(folder, 'packed.gz'), gzipSync('one\ntw'));
    await writeFile(join(folder, 'old.log'), 'one\ntw');
    await utimes(join(folder, 'old.log'), 1_700_000_000, 1_700_000_000);
    const contents: string[] = [];
    const sink: SourceSink = {
      ...notingSink(),
      takeObjects: async (inputs) => {
        for (const input of inputs) {
          const bytes = await input.open();
          const stream = bytes.kind === 'file' ? bytes.file.createReadStream() : bytes.stream;
          const read = Buffer.concat(await collect(stream as AsyncIterable<Buffer>));
          const text = input.name.endsWith('.gz') ? gunzipSync(read) : read;
          contents.push(`${basename(input.name)}: ${text.toString()}`);
        }
        return { failed: [] };
      },
    };
    const ending = new AbortController();
    const reading = new FollowedFiles({ name: folder, cwd: '/', except: '/nowhere' }).read({
      sink,
      follow: true,
      signal: ending.signal,
      note: () => undefined,
    });
    await until(() => contents.length === 4);
    expect(contents.toSorted()).toEqual([
      'closed.json: {"a": [1]}',
      'half.log: one\ntwo\n',
      'old.log: one\ntw',
      'packed.gz: one\ntw',
    ]);
    await appendFile(half, 'ee\nfour');
    await until(() => contents.length === 5);
    expect(contents[4]).toBe('half.log: one\ntwo\nthree\n');
    // Its writer is done: it was left alone for long.
    await utimes(half, 1_700_000_000, 1_700_000_000);
    await until(() => contents.length === 6);
    expect(contents[5]).toBe('half.log: one\ntwo\nthree\nfour');
    ending.abort();
    await reading;
  });

  test('that are renamed when they have grown stay what they were, beside a new one of that name', async () => {
    const folder = join(temp.path, 'rotated');
    await mkdir(folder);
    const [log, rotated] = [join(folder, 'a.log'), join(folder, 'a.log.1')];
    await writeFile(log, 'one\n');
    const inputs: (readonly string[])[] = [];
    const sink: SourceSink = {
      ...notingSink(),
      takeObjects: async (some) => {
        for (const input of some) inputs.push([basename(input.name), String(input.size)]);
        return { failed: [] };
      },
    };
    const ending = new AbortController();
    const reading = new FollowedFiles({ name: folder, cwd: '/', except: '/nowhere' }).read({
      sink,
      follow: true,
      signal: ending.signal,
      note: () => undefined,
    });
    await until(() => inputs.length === 1);
    await appendFile(log, 'two\n');
    await rename(log, rotated);
    await writeFile(log, 'three, the first of the next\n');
    await until(() => inputs.length === 3);
    expect(inputs).toEqual([
      ['a.log', '4'],
      ['a.log', '8'],
      ['a.log', '29'],
    ]);
    await appendFile(rotated, 'a late line\n');
    await until(() => inputs.length === 4);
    expect(inputs[3]).toEqual(['a.log', '20']);
    ending.abort();
    await reading;
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
