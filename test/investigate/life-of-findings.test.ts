import { describe, expect, test } from 'vitest';
import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { every, type Line, OUT, OURS, port, useHandMadeLogs } from './hand-made-logs.ts';

// What has become of findings, over runs on successive days of the same logs.

const logs = useHandMadeLogs();
const DAY = 24 * 3600;
const START = Date.UTC(2024, 0, 10);
const iso = (ms: number): string => new Date(ms).toISOString();

/** A day of the logs, as the time of a query; `count`: so many days up to its end. */
const day = (index: number, count = 1): unknown => ({
  from: iso(START + (index + 1 - count) * DAY * 1000),
  to: iso(START + (index + 1) * DAY * 1000),
});

/** Somebody who tries one port by the clock, on some days. */
function knocker(from: string, days: readonly number[], dport = 8080, seconds = 120): readonly Line[] {
  return days.flatMap((index) =>
    every(seconds, (at, turn) => [{ at: index * DAY + at, from, to: OURS, sport: port(turn), dport }], 24),
  );
}

/** What a daily job does: it prints what is new, and then says that it did. */
async function daily(service: LocalService, time: unknown): Promise<readonly FindingWithState[]> {
  const { findings } = await service.knocks(time);
  const fresh = findings.filter(({ state }) => state === 'new');
  await service.markFindingsKnown(time, fresh.map(({ id }) => id)); // prettier-ignore
  return fresh;
}

const kinds = (findings: readonly FindingWithState[]): readonly FindingKind[] =>
  findings.map(({ kind }) => kind);
const only = (findings: readonly FindingWithState[]): FindingWithState => {
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
const knocksOf = async (service: LocalService, time: unknown): Promise<readonly FindingWithState[]> =>
  (await service.knocks(time)).findings;

describe('a stranger', () => {
  test('is reported once by daily runs, whatever kind of stranger it becomes in each range; reading it changes nothing', async () => {
    await logs.withService(
      knocker(OUT, [0, 1, 2]),
      async (service) => {
        const looked = only(await knocksOf(service, day(0)));
        expect(looked).toMatchObject({ state: 'new', state_info: { since: null, first_told: null } });
        const told = only(await daily(service, day(0)));
        expect(told).toMatchObject({ id: looked.id, state: 'new' });
        expect(only(await knocksOf(service, day(0)))).toMatchObject({ id: told.id, state: 'known' });
        expect(await daily(service, day(1))).toEqual([]);
        expect(await daily(service, day(2))).toEqual([]);
        const all = only(await knocksOf(service, null));
        expect(all).toMatchObject({ id: told.id, state: 'known', state_info: { reason: null } });
        // Of a range with silence before or after it is a new one, or one that stopped.
        const wider = only(await knocksOf(service, day(3, 4)));
        expect([wider.id, wider.state]).toEqual([told.id, 'known']);
      },
      5 * 24,
    );
  });

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

describe('a state that somebody sets', () => {
  test('solved: new again if it is seen after that, and not by what lies before', async () => {
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

  test('a change says what is wrong with it, and changes nothing then', async () => {
    await logs.withService(knocker(OUT, [0]), async (service) => {
      const { id } = only(await knocksOf(service, null));
      for (const [change, code] of [
        [{ state: 'new' }, 'bad_query'],
        [{ state: 'acknowledged' }, 'bad_query'],
        [{ state: 'acknowledged', note: ' \n' }, 'bad_query'],
        [{ state: 'acknowledged', note: 'x'.repeat(2001) }, 'bad_query'],
        [{ state: 'muted' }, 'bad_query'],
        [{ state: 'muted', until: '2020-01-01T00:00:00Z' }, 'impossible_query'],
        [{ state: 'known', until: '2120-01-01T00:00:00Z' }, 'bad_query'],
        [{ state: 'known', time: { last: 'soon' } }, 'bad_query'],
      ] as const)
        await expect(service.setFindingState(id, change)).rejects.toMatchObject({ code });
      await expect(service.setFindingState('scan-00000000', { state: 'known' })).rejects.toMatchObject({ code: 'not_found' }); // prettier-ignore
      expect(await service.findings()).toEqual([]);
      expect(only(await knocksOf(service, null)).state).toBe('new');
    });
  });

  test('a note stays as it was written, and is there after other changes', async () => {
    const note = `<script>"'\u001b[31m\u202e; DROP TABLE finding; --`;
    await logs.withService(knocker(OUT, [0]), async (service) => {
      const { id } = only(await knocksOf(service, null));
      const set = await service.setFindingState(id, { state: 'acknowledged', note });
      expect(set).toMatchObject({ id, state: 'acknowledged', state_info: { note, first_told: null } });
      await service.setFindingState(id, { state: 'muted', until: '2999-01-01T00:00:00Z' });
      expect(only(await knocksOf(service, null))).toMatchObject({
        state: 'muted',
        state_info: { note, until: '2999-01-01T00:00:00Z' },
      });
      expect(await service.findings()).toMatchObject([{ id, state: 'muted', state_info: { note } }]);
      await service.setFindingState(id, { state: 'known' });
      expect(kinds(await daily(service, null))).toEqual([]);
    });
  });
});
