import { expect, test } from 'vitest';
import { emptyReport } from '../../model/add-reports.ts';
import { PeepholeError } from '../../model/errors.ts';
import { type AccountFollowing, followAccount, searchInterval } from './follow-account.ts';

const MINUTE = 60_000;

/** An account in which each search finds the next entry of `looks`, until there is none. */
function account(
  looks: readonly (readonly string[] | PeepholeError)[],
  more: Partial<AccountFollowing> = {},
) {
  const ending = new AbortController();
  const said: string[] = [];
  const noted: (readonly (number | string)[])[] = [];
  let now = 0;
  let look = 0;
  const following: AccountFollowing = {
    async find() {
      const found = looks[look++];
      if (found === undefined || found instanceof PeepholeError)
        throw found ?? new Error('one look too many');
      return {
        flowLogs: { flow_logs: [], vpcs: [], transit_gateways: [], failures: [] },
        sources: found.map((name) => ({ name, options: {} })),
      };
    },
    async follow(sources, signal) {
      said.push(`${now / MINUTE} follows ${sources.map(({ name }) => name).join(' ')}`);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      said.push(`ends ${sources.map(({ name }) => name).join(' ')}`);
      return { ...emptyReport(), flows: sources.length };
    },
    followOthers: async () => emptyReport(),
    keepTrying: false,
    signal: ending.signal,
    onFirst: async ({ sources }) => void said.push(`${now / MINUTE} first ${sources.length}`),
    onMore: (sources) => said.push(`${now / MINUTE} more ${sources.length}`),
    onNotice: (notice) => said.push(`${now / MINUTE} ${'reason' in notice ? notice.reason : notice.kind}`),
    async onLook({ sources, warnings }) {
      noted.push([sources.length, ...warnings]);
    },
    every: searchInterval({}),
    async wait(milliseconds) {
      now += milliseconds;
      if (look === looks.length) ending.abort();
    },
    ...more,
  };
  return { run: followAccount(following), said, noted };
}

const refused = new PeepholeError('source_refused', 'no permission');

test('new flow logs are found within ten minutes, and sources of deleted ones stay followed', async () => {
  const { run, said } = account([
    ['a', 'b'],
    ['a', 'b'],
    ['b', 'c', 'd'],
    ['a', 'c'],
  ]);
  expect(await run).toMatchObject({ flows: 4 });
  expect(said).toEqual(['0 first 2', '0 follows a b', '20 more 2', '20 follows c d', 'ends a b', 'ends c d']);
});

test('later searches that fail are reported once, and retried', async () => {
  const { run, said, noted } = account([['a'], refused, refused, ['a', 'b'], refused]);
  expect(await run).toMatchObject({ flows: 2 });
  // The sources have the warning as long as searches fail.
  const warned = [1, 'no permission'];
  expect(noted).toEqual([[1], warned, warned, [2], [2, 'no permission'], [2]]);
  expect(said.slice(2, 7)).toEqual([
    '10 no permission',
    '30 more 1',
    '30 follows b',
    '30 working',
    '40 no permission',
  ]);
});

test('a failed first search is an error, or is retried if configured', async () => {
  await expect(account([refused]).run).rejects.toBe(refused);
  const { run, said, noted } = account([refused, ['a']], { keepTrying: true });
  expect(await run).toMatchObject({ flows: 1 });
  expect(said.slice(0, 3)).toEqual(['0 no permission', '10 first 1', '10 follows a']);
  expect(noted).toEqual([[0, 'no permission'], [1], [1]]);
});

test('an error of one source stops the others and is thrown', async () => {
  const ends: string[] = [];
  const { run } = account([['a'], ['a', 'bad']], {
    async follow(sources, signal) {
      if (sources[0]?.name === 'bad') throw refused;
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      ends.push('a');
      return emptyReport();
    },
  });
  await expect(run).rejects.toBe(refused);
  expect(ends).toEqual(['a']);
});

test('the minutes between two searches can be set', () => {
  expect(searchInterval({})).toBe(10 * MINUTE);
  expect(searchInterval({ PEEPHOLE_ACCOUNT_MINUTES: '0.5' })).toBe(MINUTE / 2);
  expect(() => searchInterval({ PEEPHOLE_ACCOUNT_MINUTES: 'often' })).toThrow('PEEPHOLE_ACCOUNT_MINUTES');
});
