import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';

let written: string[];
let now: number;
const isTty = process.stderr.isTTY;
beforeEach(() => {
  written = [];
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  process.stderr.isTTY = false;
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTty;
});

test('without a terminal, prints a line from time to time with share, records, rate and time left', () => {
  const display = new ProgressDisplay('Ingesting', new Messages(false), false);
  display.update({ done: 10, total: 100, records: 1000 });
  expect(written).toEqual([]);
  now += 10_001;
  display.update({ done: 25, total: 100, records: 20_002 });
  now += 9_999;
  display.update({ done: 30, total: 100, records: 21_000 });
  now += 10_000;
  display.update({ done: 100, total: 100, records: 60_000 });
  display.stop();
  expect(written).toEqual([
    'Ingesting: 25 %, 20,002 records, 2,000/s, 30 s left\n',
    'Ingesting: 100 %, 60,000 records, 2,000/s\n',
  ]);
});

test('prints no time left that would be a guess, and no share of what nobody knows', () => {
  const display = new ProgressDisplay('Reading', new Messages(false), false);
  now += 10_001;
  display.update({ done: 1, total: 100, records: 0 });
  now += 10_001;
  display.update({ done: 0, total: 0, records: 5 });
  expect(written).toEqual(['Reading: 1 %, 0 records, 0/s\n', 'Reading: 5 records, 0/s\n']);
});

test('with --quiet it prints nothing, also on a terminal', () => {
  for (const tty of [false, true]) {
    process.stderr.isTTY = tty;
    const display = new ProgressDisplay('Reading', new Messages(true), true);
    now += 20_000;
    display.update({ done: 1, total: 2, records: 1 });
    display.stop();
  }
  expect(written).toEqual([]);
});
