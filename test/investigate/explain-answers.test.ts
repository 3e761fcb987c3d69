import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 4;
const pair = (at: number, client: string, port: number, bytes: number): readonly Flow[] => [
  { at, from: client, to: '10.0.0.5', sport: port, dport: 443, bytes: 500, face: 'eni-5' },
  { at, from: '10.0.0.5', to: client, sport: 443, dport: port, bytes, face: 'eni-5' },
];

test('the port that an answer goes to is no value, whether the flows are read or their sums by the hour', async () => {
  const usual = every(60, HOURS, (at, turn) => pair(at, `192.0.2.${turn % 20}`, 40_000 + (turn % 9000), 900));
  const large = [0, 1, 2].flatMap((n) =>
    pair((HOURS - 1) * 3600 + n * 60, `192.0.2.${n}`, 58_972, 50_000_000),
  );
  await withFlows(folder.path, [...usual, ...large], async (service) => {
    const at = (hour: number): string => new Date(Date.UTC(2024, 0, 10, hour)).toISOString();
    const lastHour = { from: at(HOURS - 1), to: at(HOURS) };
    for (const question of [
      { selection: [{ field: 'start', between: [lastHour.from, lastHour.to] }] },
      { time: lastHour, earlier: { shift: 'PT2H' } },
    ]) {
      const { combinations, stats } = await service.explain({ ...question, by: 'bytes' });
      expect(stats.source).toBe('selection' in question ? 'flow' : 'flow_hour');
      expect(combinations.length).toBeGreaterThan(0);
      const ports = combinations.flatMap(({ values }) => values.filter(({ field }) => field === 'dstport'));
      expect(ports.filter(({ value }) => Number(value) >= 32_768)).toEqual([]);
    }
  });
});

test('a selected time is compared as a time, by whichever name and condition it is chosen', async () => {
  // The backup's share of all bytes grows from 30 to 40 %, which pushes the eight others aside.
  const usual = every(60, HOURS, (at, turn) => pair(at, `192.0.2.${turn % 8}`, 40_000 + turn, 6500));
  const backup = every(60, HOURS, (at) => [
    { at, from: '10.0.0.5', to: '10.0.0.9', dport: 873, bytes: at < (HOURS - 1) * 3600 ? 3000 : 4700, face: 'eni-5' },
  ]); // prettier-ignore
  await withFlows(folder.path, [...usual, ...backup], async (service) => {
    const [from, to, last] = [HOURS - 1, HOURS, HOURS - 1 / 3600].map((hour) =>
      new Date(Date.UTC(2024, 0, 10) + hour * 3_600_000).toISOString(),
    );
    const clauses = [
      { field: 'start', between: [from, last] },
      { field: 'time', between: [from, last] },
      { field: 'time', ranges: [{ from, to }] },
    ];
    for (const clause of clauses) {
      const { combinations } = await service.explain({ selection: [clause], by: 'bytes' });
      const named = combinations.map(({ values }) => values.map(({ field, value }) => `${field} ${value}`));
      expect(named[0]).toContain('dstaddr 10.0.0.9');
      expect(named).toHaveLength(1);
    }
  });
});

test('of a port that answers go to as well, a row counts what its filter selects', async () => {
  const usual = every(60, HOURS, (at, turn) => pair(at, `192.0.2.${turn % 20}`, 50_000 + (turn % 7), 900));
  const last = { from: (HOURS - 1) * 3600, to: HOURS * 3600 };
  const fresh = every(20, HOURS, (at, turn) =>
    at < last.from ? [] : [{ at, from: `198.51.100.${turn % 9}`, to: '10.0.0.6', sport: 40_000 + turn, dport: 50_000, face: 'eni-6' }],
  ); // prettier-ignore
  await withFlows(folder.path, [...usual, ...fresh], async (service) => {
    const at = (seconds: number): string => new Date(Date.UTC(2024, 0, 10) + seconds * 1000).toISOString();
    const time = { from: at(last.from), to: at(last.to) };
    const before = { from: at(last.from - 3600), to: at(last.from) };
    for (const by of ['flows', 'bytes']) {
      const { combinations } = await service.explain({ time, earlier: { shift: 'PT1H' }, by });
      expect(combinations[0]?.values.map(({ value }) => value)).toContain('10.0.0.6');
      // Alone the port has answers as well.
      const alone = await service.explain({ time, earlier: { shift: 'PT1H' }, by, dimensions: ['dstport'] });
      expect(alone.combinations.map(({ values }) => values[0]?.value)).toEqual([50_000]);
      for (const { filter, selected, rest } of [...combinations, ...alone.combinations]) {
        const count = async (range: unknown): Promise<number> =>
          Number((await service.query({ time: range, filter, measures: [by] })).rows[0]?.[0]);
        expect([filter, await count(time), await count(before)]).toEqual([filter, selected, rest]);
      }
    }
  });
});
