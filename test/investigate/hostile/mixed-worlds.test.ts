import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { expectNoTrouble } from './check-all.ts';
import { figuresIn } from './figures-in-words.ts';
import { investigateWorld } from './investigate-world.ts';
import { mixedWorld } from './mixed-world.ts';

const folder = useTempFolder();

test('numbers in a sentence are distinguished from names', () => {
  const figures = figuresIn(
    '16 outside addresses each try port 80 (likely http) of metrics (10.0.0.5, public 54.172.1.2) 180 to 1,184.5 times an hour, about every 20 seconds, since 20 June 2018 03:00 UTC, 2 % of all; ports 22 (likely ssh), 80 (likely http) and 2 more of 2600:1f18::5, twice.',
  );
  expect(figures.map(({ text, value }) => [text, value])).toEqual([
    ['16', 16],
    ['180', 180],
    ['1,184.5', 1184.5],
    ['20 seconds', 20],
    ['2 %', 2],
  ]);
});

// The long suite has more of them, and each scenario alone.
test('a world in which much happens at once', async () => {
  await investigateWorld(mixedWorld(1), folder.path, async (investigated) => {
    expect(investigated.knocks.findings.length).toBeGreaterThan(3);
    await expectNoTrouble(investigated);
  });
});
