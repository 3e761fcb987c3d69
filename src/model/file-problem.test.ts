import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { fileProblem } from './file-problem.ts';

const folder = useTempFolder();

/** What is said when a file is read. */
function saidOf(...path: readonly string[]): string {
  try {
    readFileSync(join(folder.path, ...path));
  } catch (error) {
    return fileProblem(error);
  }
  throw new Error('It was read.');
}

test('says in words why a file is not given', () => {
  writeFileSync(join(folder.path, 'file'), '');
  mkdirSync(join(folder.path, 'folder'));
  symlinkSync('circle', join(folder.path, 'circle'));
  expect(saidOf('none')).toBe('there is no such file or folder.');
  expect(saidOf('file', 'below')).toBe('a part of the path is no folder.');
  expect(saidOf('folder')).toBe('it is a folder.');
  expect(saidOf('circle')).toBe('its links lead in a circle.');
  expect(saidOf('n'.repeat(300))).toBe('the name is too long.');
});

test('keeps what any other error says', () => {
  expect(fileProblem(new SyntaxError('Unexpected end of JSON input'))).toBe('Unexpected end of JSON input');
});
