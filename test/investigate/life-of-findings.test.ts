import { describe, expect, test } from 'vitest';
import { daily, day, kinds, knocker, knocksOf, only } from './daily-runs.ts';
import { OUT, useHandMadeLogs } from './hand-made-logs.ts';

const logs = useHandMadeLogs();

test('a stranger is reported once by daily runs, whatever kind of stranger it becomes in each range; reading it changes nothing', async () => {
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

describe('a state that somebody sets', () => {
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
