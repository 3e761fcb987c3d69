import { describe, expect, test } from 'vitest';
import { type Line, OUT, useHandMadeLogs } from './hand-made-logs.ts';
import { daily, day, knocker, knocksOf, only } from './daily-runs.ts';

const logs = useHandMadeLogs();

describe('a stranger', () => {
  test('new and stopped ones are the same in wider ranges', async () => {
    await logs.withService(
      knocker(OUT, [1]),
      async (service) => {
        const began = only(await knocksOf(service, day(1, 2)));
        const ended = only(await knocksOf(service, day(2, 2)));
        expect([began.kind, ended.kind]).toEqual(['new_stranger', 'stopped_stranger']);
        expect(ended.id).toBe(began.id);
        expect(began.id).toMatch(/^stranger-[0-9a-f]{8}$/);
      },
      3 * 24,
    );
  });

  test('at another port, or other sources at the same port, are another finding', async () => {
    await logs.withService(
      [...knocker(OUT, [0]), ...knocker('198.51.100.8', [1]), ...knocker(OUT, [1], 9092)],
      async (service) => {
        const first = only(await daily(service, day(0)));
        await service.setFindingState(first.id, { state: 'acknowledged', note: 'our partner', time: day(0) });
        const next = await daily(service, day(1));
        expect(next).toHaveLength(2);
        expect(next.map(({ id }) => id)).not.toContain(first.id);
        const other = next.find(({ sources }) => sources[0]?.address === '198.51.100.8');
        expect(other?.state_info.reason).toBe(
          `Like ${first.id}, which is acknowledged, but of other sources.`,
        );
        expect(only(await knocksOf(service, day(0))).state).toBe('acknowledged');
      },
      2 * 24,
    );
  });

  test('sources may change in part; where most of them came since, it is new again and says so', async () => {
    const crowd = (range: readonly number[], days: readonly number[]): readonly Line[] =>
      range.flatMap((at) => knocker(`203.0.113.${at}`, days, 8080, 300));
    await logs.withService(
      [...crowd([1, 2, 3, 4], [0]), ...crowd([2, 3, 4, 5], [1]), ...crowd([5, 6, 7, 8, 9], [2])],
      async (service) => {
        const first = only(await daily(service, day(0)));
        expect(first.source_count).toBe(4);
        await service.setFindingState(first.id, { state: 'acknowledged', note: 'known', time: day(0) });
        expect(await daily(service, day(1))).toEqual([]);
        const again = await daily(service, day(2));
        expect(again).toMatchObject([{ source_count: 5, state: 'new' }]);
        // The week before, whole: the sources that the days told, and no more.
        expect(await daily(service, null)).toEqual([]);
      },
      3 * 24,
    );
  });

  test('one that many join is new again, under the same id', async () => {
    const joined = [2, 3, 4].flatMap((at) => knocker(`203.0.113.${at}`, [1], 8080, 300));
    await logs.withService(
      [...knocker('203.0.113.1', [0, 1], 8080, 300), ...joined],
      async (service) => {
        const first = only(await daily(service, day(0)));
        await service.setFindingState(first.id, { state: 'acknowledged', note: 'a partner', time: day(0) });
        const again = only(await daily(service, day(1)));
        expect(again).toMatchObject({ id: first.id, state: 'new', state_info: { note: 'a partner' } });
        expect(again.state_info.reason).toMatch(/^3 of 4 sources came after it was acknowledged /);
        expect(only(await knocksOf(service, day(1))).state).toBe('known');
      },
      2 * 24,
    );
  });
});

test('a finding that is solved: new again if it is seen after that, and not by what lies before', async () => {
  await logs.withService(
    knocker(OUT, [0, 2]),
    async (service) => {
      const { id } = only(await daily(service, day(0)));
      await service.setFindingState(id, { state: 'solved', note: 'closed', time: day(0) });
      // All of these logs were there when it was solved, so nothing of them has come back.
      expect(only(await knocksOf(service, day(2)))).toMatchObject({ id, state: 'solved' });
    },
    3 * 24,
  );
});
