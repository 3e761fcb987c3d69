import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { every, withFlows, type Flow } from './made-flows.ts';

const folder = useTempFolder();
const DAY = 24 * 3600;
const question = {
  time: { from: '2024-01-11T00:00:00Z', to: '2024-01-12T00:00:00Z' },
  earlier: { shift: 'P1D' },
};
/** Two days of a web server, and of a backup between two and four at night. */
const flows: readonly Flow[] = every(60, 48, (at, turn) => [
  { at, from: '81.1.1.1', to: '10.0.0.5', sport: 33_000 + turn, face: 'eni-5' },
  { at, from: '81.1.1.2', to: '10.0.0.6', sport: 33_000 + turn, face: 'eni-6' },
  ...(Math.floor((at % DAY) / 3600) >> 1 === 1
    ? [{ at, from: '10.0.0.7', to: '10.0.0.5', sport: 33_000 + turn, dport: 873, face: 'eni-5' }]
    : []),
]);

test('hours without logs are unknown, and what was there only then is not gone', async () => {
  const logged = flows.filter(({ at }) => at < DAY + 2 * 3600 || at >= DAY + 4 * 3600);
  await withFlows(folder.path, logged, async (service) => {
    const { combinations, totals, notes } = await service.explain(question);
    expect(combinations).toEqual([]);
    expect(totals).toEqual({ selected: 22 * 120, rest: 22 * 120 });
    expect(notes).toEqual([expect.stringMatching(/^Of 24 hours of this range 2 have no logs/)]);
  });
});

test('a backup that does not run though its hours have logs is gone', async () => {
  const logged = flows.filter(({ at, dport }) => at < DAY || dport !== 873);
  await withFlows(folder.path, logged, async (service) => {
    const { combinations, notes } = await service.explain(question);
    expect(notes).toEqual([]);
    expect(combinations[0]).toMatchObject({ selected: 0, rest: 120, unlogged: false });
    expect(combinations[0]?.text).toMatch(/^gone: none, 120 flows/);
  });
});

test('an interface without any record is not said to be gone: its logs may be missing', async () => {
  const logged = flows.filter(({ at, face }) => at < DAY || face !== 'eni-6');
  await withFlows(folder.path, logged, async (service) => {
    const { combinations } = await service.explain(question);
    expect(combinations[0]).toMatchObject({ selected: 0, rest: 1440, unlogged: true });
    expect(combinations[0]?.text).toMatch(/^no records: .*removed, or their logs are missing$/);
    expect(combinations[0]?.values.map(({ value }) => value)).toEqual(['10.0.0.6', '81.1.1.2']);
  });
});

test('nor where the later time is selected', async () => {
  const logged = flows.filter(({ at, face }) => at < DAY || face !== 'eni-6');
  await withFlows(folder.path, logged, async (service) => {
    const { combinations } = await service.explain({
      selection: [{ field: 'start', between: ['2024-01-11T00:00:00Z', '2024-01-11T23:59:59Z'] }],
    });
    expect(combinations[0]).toMatchObject({ selected: 0, unlogged: true });
    expect(combinations[0]?.text).toMatch(
      /^no records among the selected flows.*have no records then: removed, or their logs are missing$/,
    );
  });
});
