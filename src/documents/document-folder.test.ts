import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DocumentFolder } from './document-folder.ts';

let folder = '';
const write = async (name: string, content: unknown): Promise<void> => {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const namesOf = async (reader: DocumentFolder): Promise<unknown> => {
  const read = await reader.look();
  return (
    read && [
      read.documents.map(({ kind, id, content }) => `${kind}/${id}: ${content.name}`),
      read.problems.map(({ file, kept }) => `${file.slice(folder.length + 1)}${kept ? ' kept' : ''}`),
    ]
  );
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-folder-'));
  for (const kind of ['views', 'dashboards']) await mkdir(join(folder, kind));
  await write('views/ssh.json', { name: 'SSH', link: '?v=1' });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('documents are read by kind, again when a file changes, and go with it', async () => {
  const reader = new DocumentFolder(folder, null);
  await write('dashboards/ours.json', { name: 'Ours' });
  await write('README.md', 'What is here');
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH', 'dashboards/ours: Ours'], []]);
  expect(await namesOf(reader)).toBe(null);
  await write('views/ssh.new', { name: 'SSH from outside', link: '?v=1' });
  await rename(join(folder, 'views/ssh.new'), join(folder, 'views/ssh.json'));
  await rm(join(folder, 'dashboards/ours.json'));
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH from outside'], []]);
  await mkdir(join(folder, 'alerts'));
  await write('alerts/none.json', { name: 'None', condition: { kind: 'no_logs', lasting: 'PT1H' } });
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH from outside', 'alerts/none: None'], []]);
});

test('a file that is wrong leaves its document as it was, and is named once it stays so', async () => {
  const reader = new DocumentFolder(folder, null);
  const first = await reader.look();
  await write('views/ssh.json', '{"name": "SS');
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH'], []]);
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH'], ['views/ssh.json kept']]);
  expect(await namesOf(reader)).toBe(null);
  // Another process begins with what the last one read.
  expect(await namesOf(new DocumentFolder(folder, first))).toEqual([
    ['views/ssh: SSH'],
    ['views/ssh.json kept'],
  ]);
  expect(await namesOf(new DocumentFolder(folder, null))).toEqual([[], ['views/ssh.json']]);
  await write('views/ssh.json', { name: 'SSH again', link: '?v=1' });
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH again'], []]);
});

test('what can be no document is named with the reason', async () => {
  await write('stray.json', { name: 'Where?', link: '?v=1' });
  await write('views/Upper.json', { name: 'x', link: '?v=1' });
  await write('views/large.json', ' '.repeat(1024 * 1024 + 1));
  await write('views/link.json', { name: 'x', link: 'https://elsewhere.example' });
  await mkdir(join(folder, 'views/folder.json'));
  await symlink(join(folder, 'nowhere'), join(folder, 'views/lost.json'));
  const read = await new DocumentFolder(folder, null).look();
  expect(read?.documents.map(({ id }) => id)).toEqual(['ssh']);
  expect(read?.problems.map(({ file, message }) => `${file.slice(folder.length + 1)}: ${message}`)).toEqual([
    'stray.json: Documents are in the folders views, alerts, dashboards, measures, lookups there, by their kind.',
    expect.stringMatching(/^views\/Upper.json: id: must be/),
    'views/folder.json: It is not a file.',
    'views/large.json: It has more than 1024 KiB.',
    expect.stringMatching(/^views\/link.json: link: must be/),
    'views/lost.json: It leads to no file.',
  ]);
});

test('a folder that is gone takes no document with it', async () => {
  const reader = new DocumentFolder(folder, null);
  await reader.look();
  await rename(folder, `${folder}-away`);
  try {
    const read = await reader.look();
    expect(read?.documents).toHaveLength(1);
    expect(read?.problems).toEqual([
      { file: folder, message: expect.stringContaining("can't be read"), kept: true },
    ]);
    expect(await reader.look()).toBe(null);
  } finally {
    await rename(`${folder}-away`, folder);
  }
  expect(await namesOf(reader)).toEqual([['views/ssh: SSH'], []]);
});
