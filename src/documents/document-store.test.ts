import fc from 'fast-check';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MOST_VERSIONS, type ProvidedDocuments, type ViewContent } from '../model/document/document.ts';
import { DocumentStore } from './document-store.ts';

let folder = '';
let seconds = 0;
const clock = (): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++));
const open = (readOnly = false): DocumentStore => new DocumentStore(folder, readOnly, undefined, clock);
const any = { kind: 'any' } as const;
const FILE = '/team/views/ours.json';
const none = { kind: 'none' } as const;
const existing = (...versions: number[]) => ({ kind: 'existing', versions }) as const;
const view = (name: string): ViewContent => ({ name, link: `?v=1&q=${name}` });

const provided = (...contents: readonly ViewContent[]): ProvidedDocuments => ({
  folder: '/team',
  documents: contents.map((content) => ({ kind: 'views', id: 'ours', file: FILE, content })),
  problems: [],
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-documents-'));
  seconds = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was put is there in another process, with its versions', async () => {
  const store = open();
  expect(await store.list('views')).toEqual([]);
  const { created, document } = await store.put('views', 'ssh', view('SSH'), none);
  expect([created, document.version, document.changed_at]).toEqual([true, 1, '2026-01-01T00:00:00.000Z']);
  const changed = await store.put('views', 'ssh', view('SSH from outside'), existing(1));
  expect([changed.created, changed.document.version]).toEqual([false, 2]);
  const again = open();
  expect(await again.list('views')).toEqual([changed.document]);
  expect((await again.get('views', 'ssh', 1)).content).toEqual(view('SSH'));
  expect((await again.versions('views', 'ssh')).map(({ version }) => version)).toEqual([2, 1]);
});

test('a change to another version than was read is refused, and changes nothing', async () => {
  const store = open();
  await store.put('views', 'a', view('one'), none);
  await expect(store.put('views', 'a', view('two'), none)).rejects.toMatchObject({ code: 'other_version' });
  await store.put('views', 'a', view('two'), existing(1));
  await expect(store.put('views', 'a', view('three'), existing(1))).rejects.toMatchObject({
    code: 'other_version',
    details: { version: 2 },
  });
  await expect(store.delete('views', 'a', existing(1))).rejects.toMatchObject({ code: 'other_version' });
  expect((await store.get('views', 'a')).content.name).toBe('two');
  const both = await Promise.allSettled([
    store.put('views', 'a', view('left'), existing(2)),
    store.put('views', 'a', view('right'), existing(2)),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a change that is sent again, since nobody knows whether it arrived, is no other one', async () => {
  const store = open();
  await store.put('views', 'a', view('one'), none);
  expect(await store.put('views', 'a', view('one'), none)).toMatchObject({ created: false });
  await store.put('views', 'a', view('two'), existing(1));
  expect(await store.put('views', 'a', view('two'), existing(1))).toMatchObject({ document: { version: 2 } });
  expect(await store.delete('views', 'a', existing(2))).toMatchObject({ version: 3 });
  expect(await store.delete('views', 'a', existing(2))).toMatchObject({ version: 3 });
  expect(await store.versions('views', 'a')).toHaveLength(3);
});

test('a deleted document is away, and can be put back from its versions', async () => {
  const store = open();
  await store.put('views', 'a', view('kept'), any);
  expect(await store.delete('views', 'a', existing(1))).toMatchObject({ version: 2, deleted: true });
  await expect(store.get('views', 'a')).rejects.toMatchObject({ code: 'not_found' });
  await expect(store.delete('views', 'a', any)).rejects.toMatchObject({ code: 'not_found' });
  await expect(store.put('views', 'a', view('x'), existing(1))).rejects.toMatchObject({
    code: 'other_version',
  });
  const [latest, before] = await open().versions('views', 'a');
  expect([latest?.deleted, before?.version]).toEqual([true, 1]);
  const { content } = await store.get('views', 'a', 1);
  expect(await store.put('views', 'a', content, none)).toMatchObject({
    created: true,
    document: { version: 3, content: view('kept') },
  });
});

test('the same again makes no version, and only the latest versions are kept', async () => {
  const store = open();
  await store.put('views', 'a', view('same'), any);
  expect(await store.put('views', 'a', view('same'), any)).toMatchObject({
    created: false,
    document: { version: 1 },
  });
  for (let at = 0; at < MOST_VERSIONS + 5; at++) await store.put('views', 'a', view(`v${at}`), any);
  const versions = await store.versions('views', 'a');
  expect(versions).toHaveLength(MOST_VERSIONS);
  expect(versions[0]?.version).toBe(MOST_VERSIONS + 6);
  await expect(store.get('views', 'a', 1)).rejects.toMatchObject({ code: 'not_found' });
});

test('ids are never paths, and contents are checked', async () => {
  const store = open();
  for (const id of ['', '..', '../x', 'a/b', 'A', 'a\\b', 'a.b', '-a', 'a-', 'a'.repeat(65), 'ä', 'a\0'])
    await expect(store.put('views', id, view('x'), any), id).rejects.toMatchObject({ code: 'bad_query' });
  for (const content of [
    null,
    [],
    {},
    { name: ' ', link: '?' },
    { name: 'x', link: 'https://evil.example' },
    { ...view('x'), more: 1 },
  ])
    // prettier-ignore
    await expect(store.put('views', 'a', content, any)).rejects.toMatchObject({ code: 'bad_query' });
  expect(await readdir(folder)).toEqual([]);
});

test('a store that can only be read is read', async () => {
  await open().put('views', 'a', view('one'), any);
  const store = open(true);
  expect(await store.list('views')).toHaveLength(1);
  await expect(store.put('views', 'a', view('two'), any)).rejects.toMatchObject({ code: 'read_only' });
  await expect(store.delete('views', 'a', any)).rejects.toMatchObject({ code: 'read_only' });
});

test('a file that is not a document is named, and what a killed process left is not a document', async () => {
  await open().put('views', 'a', view('one'), any);
  const path = join(folder, 'documents', 'views', 'a.json');
  const text = await readFile(path, 'utf8');
  await writeFile(`${path}.new`, text.slice(0, 40));
  expect(await open().list('views')).toHaveLength(1);
  await writeFile(path, text.slice(0, 40));
  await expect(open().list('views')).rejects.toMatchObject({ code: 'store_damaged' });
});

test('whatever is changed in whatever order, a second process sees what the first one does', async () => {
  const change = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    name: fc.option(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      await rm(join(folder, 'documents'), { recursive: true, force: true });
      const store = open();
      const truth = new Map<string, string>();
      for (const { id, name } of changes) {
        if (name === null) {
          const deleted = store.delete('views', id, any);
          if (truth.delete(id)) await deleted;
          else await expect(deleted).rejects.toMatchObject({ code: 'not_found' });
        } else if (name.trim() !== '') {
          await store.put('views', id, { name, link: '?' }, any);
          truth.set(id, name.trim());
        }
      }
      const expected = [...truth].toSorted(([a], [b]) => (a < b ? -1 : 1));
      for (const each of [store, open()])
        expect((await each.list('views')).map(({ id, content }) => [id, content.name])).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('an original is there without being saved; what is saved under its id replaces it, and deleting that restores it', async () => {
  const content = view('as it came');
  const original = (changed: boolean): object => ({ from: 'file', file: FILE, changed });
  const store = open();
  await store.provide(provided(content));
  expect(await store.list('views')).toEqual([
    { id: 'ours', version: 0, changed_at: null, content, original: original(false) },
  ]);
  expect(await store.versions('views', 'ours')).toEqual([]);
  await expect(store.delete('views', 'ours', any)).rejects.toMatchObject({ code: 'not_found' });
  await expect(store.put('views', 'ours', view('x'), none)).rejects.toMatchObject({ code: 'other_version' });
  // It says so already: nothing is written.
  expect(await store.put('views', 'ours', content, any)).toMatchObject({ document: { version: 0 } });
  expect(await store.put('views', 'ours', view('mine'), existing(0))).toMatchObject({
    created: false,
    document: { version: 1, original: original(true) },
  });
  expect(await store.get('views', 'ours', 0)).toMatchObject({ content, changed_at: null });
  await store.delete('views', 'ours', existing(1));
  expect(await store.get('views', 'ours')).toMatchObject({ version: 2, content, original: original(false) });
  expect(await store.put('views', 'ours', view('again'), existing(2))).toMatchObject({
    document: { version: 3 },
  });
});

test('what was provided is there in the next process, and goes with its file unless somebody edited it', async () => {
  await open().provide(provided(view('as it came')));
  const store = open();
  expect(await store.provided()).toEqual(provided(view('as it came')));
  expect((await store.get('views', 'ours')).content.name).toBe('as it came');
  await store.provide(provided(view('next')));
  expect(await store.get('views', 'ours')).toMatchObject({ version: 0, content: { name: 'next' } });
  await store.provide(provided());
  expect(await store.list('views')).toEqual([]);
  await store.provide(provided(view('next')));
  await store.put('views', 'ours', view('mine'), existing(0));
  await store.provide(null);
  expect(await open().get('views', 'ours')).toMatchObject({ content: { name: 'mine' }, original: null });
});

test('a document that says what its file says follows the file again', async () => {
  const store = open();
  await store.provide(provided(view('one')));
  await store.put('views', 'ours', view('mine'), existing(0));
  await store.provide(provided(view('other')));
  expect(await store.get('views', 'ours')).toMatchObject({
    content: { name: 'mine' },
    original: { changed: true },
  });
  // It was exported into the file.
  await store.provide(provided(view('mine')));
  expect(await store.get('views', 'ours')).toMatchObject({ version: 2, original: { changed: false } });
  await store.provide(provided(view('next')));
  expect(await open().get('views', 'ours')).toMatchObject({ content: { name: 'next' } });
  // Put back by hand, then the file changes.
  await store.put('views', 'ours', view('mine'), any);
  await store.put('views', 'ours', view('next'), any);
  await store.provide(provided(view('last')));
  expect((await store.get('views', 'ours')).content.name).toBe('last');
});

test('a store that can only be read shows what is provided, and writes nothing', async () => {
  const store = open(true);
  await store.provide(provided(view('shown')));
  expect((await store.get('views', 'ours')).content.name).toBe('shown');
  expect(await readdir(folder)).toEqual([]);
});
