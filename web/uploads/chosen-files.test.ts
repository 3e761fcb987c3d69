import { expect, test } from 'vitest';
import { droppedFiles, MOST_FILES, pickedFiles } from './chosen-files.ts';

const file = (name: string): File => new File([], name);

test('of the files that were picked, those beyond the limit are counted, hidden ones not', () => {
  const all = Array.from({ length: MOST_FILES + 3 }, (_, i) => file(`${i}.log`));
  const { files, leftOut } = pickedFiles([file('.DS_Store'), ...all]);
  expect([files.length, leftOut, files.at(-1)?.name]).toEqual([MOST_FILES, 3, `${MOST_FILES - 1}.log`]);
  expect(pickedFiles(null)).toEqual({ files: [], leftOut: 0 });
});

test('of folders that were dropped, those beyond the limit are counted without being opened', async () => {
  let opened = 0;
  const entryOf = (name: string) => ({
    isFile: true,
    name,
    file(resolve: (file: File) => void) {
      opened++;
      resolve(file(name));
    },
  });
  // A reader gives 100 at a time, as Chromium's does.
  const folder = (name: string, count: number) => ({
    isDirectory: true,
    name,
    createReader() {
      let at = 0;
      return {
        readEntries(resolve: (entries: readonly unknown[]) => void) {
          const some = Array.from({ length: Math.min(100, count - at) }, (_, i) => entryOf(`${at + i}.log`));
          at += some.length;
          resolve(at === some.length ? [...some, entryOf('.hidden')] : some);
        },
      };
    },
  });
  const entries: readonly unknown[] = [folder('a', MOST_FILES - 50), folder('b', 120), entryOf('c.log')];
  const items = entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry }));
  const { files, leftOut } = await droppedFiles({ items } as unknown as Pick<DataTransfer, 'items'>);
  expect([files.length, leftOut, opened]).toEqual([MOST_FILES, 71, MOST_FILES]);
  expect([files[0]?.name, files.at(-1)?.name]).toEqual(['a/0.log', 'b/49.log']);
});
