import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { VisitFiles } from './visit-files.ts';

const temp = useTempFolder();
const MIB = 1024 ** 2;
const listener = '0123456789abcdef';

function filesIn(
  name: string,
  more: { readonly disk?: number; readonly dropOldest?: boolean; readonly fileAge?: number } = {},
) {
  const folder = join(temp.path, name);
  mkdirSync(folder, { recursive: true });
  const problems: string[] = [];
  const files = new VisitFiles({
    folder,
    listener,
    bounds: { disk: more.disk ?? 10 * MIB, fileBytes: 100, fileAge: more.fileAge ?? 3_600_000 },
    dropOldest: more.dropOldest === true,
    onProblem: (message) => problems.push(message),
  });
  const lines = (): string =>
    readdirSync(folder)
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
  return { folder, files, lines, problems };
}

const line = (number: number): string => `${JSON.stringify({ number, text: 'x'.repeat(40) })}\n`;
const never = (): void => {
  throw new Error('lost');
};

test('lines are written in order, and a full file is followed by a new one', async () => {
  const { folder, files, lines } = filesIn('order');
  for (let number = 0; number < 6; number += 1) {
    expect(files.append(line(number), 'visit', never)).toBe(true);
    await files.flush();
  }
  await files.close();
  expect(readdirSync(folder).sort()).toEqual([
    `visits-${listener}-000001.jsonl`,
    `visits-${listener}-000002.jsonl`,
    `visits-${listener}-000003.jsonl`,
  ]);
  expect(lines()).toBe([0, 1, 2, 3, 4, 5].map(line).join(''));
});

test('a file that is old enough is followed by a new one', async () => {
  const { folder, files } = filesIn('age', { fileAge: 0 });
  for (const number of [0, 1]) {
    files.append(line(number), 'visit', never);
    await files.flush();
  }
  await files.close();
  expect(readdirSync(folder)).toHaveLength(2);
});

test('beyond the disk limit no visit is written, but lines with counts use reserved space', async () => {
  const { folder, files } = filesIn('full', { disk: 2 * MIB });
  const large = `${'x'.repeat(MIB / 4)}\n`;
  let taken = 0;
  while (files.append(large, 'visit', never)) {
    taken += 1;
    await files.flush();
  }
  expect(taken).toBe(3);
  expect(files.append(line(1), 'count', never)).toBe(true);
  expect(files.append('x'.repeat(2 * MIB), 'count', never)).toBe(false);
  expect(files.append('x'.repeat(2 * MIB), 'last', never)).toBe(true);
  await files.close();
  const again = filesIn('full', { disk: 2 * MIB }).files;
  expect(again.append(line(1), 'visit', never)).toBe(false);
  expect(readdirSync(folder).length).toBeGreaterThan(1);
});

test('if configured, the oldest visit files are removed to make room, and no other file', async () => {
  const folder = join(temp.path, 'oldest');
  mkdirSync(folder);
  writeFileSync(join(folder, 'visits-mine.jsonl'), 'x'.repeat(3 * MIB));
  const { files } = filesIn('oldest', { disk: 2 * MIB, dropOldest: true });
  for (let number = 0; number < 20; number += 1) {
    expect(files.append(`${String(number).padEnd(MIB / 4, ' ')}\n`, 'visit', never)).toBe(true);
    await files.flush();
  }
  await files.close();
  const left = readdirSync(folder).sort();
  expect(left[0]).toMatch(/^visits-0{0}0123456789abcdef-0000(1\d|20)\.jsonl$/);
  expect(left).toContain('visits-mine.jsonl');
  expect(left.length).toBeLessThanOrEqual(9);
  expect(files.dropped).toBe(20 + 1 - left.length);
});

test('a failed write is reported, and later lines are written when it works again', async () => {
  const { folder, files, problems, lines } = filesIn('gone');
  rmSync(folder, { recursive: true });
  let lost = 0;
  for (const number of [0, 1]) files.append(line(number), 'visit', () => (lost += 1));
  await files.flush();
  expect(lost).toBe(2);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("can't be written");
  mkdirSync(folder);
  files.append(line(2), 'visit', never);
  await files.close();
  expect(lines()).toBe(line(2));
});

test('on a full disk no empty file and no partial line remains', async () => {
  const { folder, files, problems, lines } = filesIn('no-space');
  const handle = await open(join(temp.path, 'some-file'), 'w');
  const full = vi
    .spyOn(Object.getPrototypeOf(handle) as typeof handle, 'datasync')
    .mockRejectedValue(new Error('ENOSPC: no space left on device'));
  await handle.close();
  let lost = 0;
  try {
    for (const number of [0, 1, 2]) {
      files.append(line(number), 'visit', () => (lost += 1));
      await files.flush();
    }
  } finally {
    full.mockRestore();
  }
  expect(lost).toBe(3);
  expect(problems).toHaveLength(1);
  expect(readdirSync(folder)).toEqual([]);
  files.append(line(3), 'visit', never);
  await files.close();
  expect(lines()).toBe(line(3));
});

test('lines that waited for a slow disk are written in several parts with fewer syncs', async () => {
  const { files, lines } = filesIn('parts');
  const handle = await open(join(temp.path, 'any-file'), 'w');
  const kind = Object.getPrototypeOf(handle) as typeof handle;
  const written = vi.spyOn(kind, 'appendFile');
  const synced = vi.spyOn(kind, 'datasync');
  await handle.close();
  const long = `${'x'.repeat(9_999)}\n`;
  try {
    for (let number = 0; number < 300; number += 1) expect(files.append(long, 'visit', never)).toBe(true);
    await files.close();
    expect(lines()).toBe(long.repeat(300));
    const sizes = written.mock.calls.map(([part]) => (part as Buffer).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024 + long.length);
    expect(synced.mock.calls.length).toBeLessThan(sizes.length);
  } finally {
    written.mockRestore();
    synced.mockRestore();
  }
});

test('a removed file is reported, and a new one is started', async () => {
  const { folder, files, problems, lines } = filesIn('removed');
  files.append(line(0), 'visit', never);
  await files.flush();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  files.append(line(1), 'visit', never);
  await files.close();
  expect(lines()).toBe(line(1));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`visits-${listener}-000001.jsonl was removed`);
});
