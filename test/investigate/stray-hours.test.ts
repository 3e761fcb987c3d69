import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { share } from '../support/suite.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const DAY = 86_400;
const HOURS = 96;

const knock = (at: number, from: string, to: string, turn: number): Flow => ({
  at,
  from,
  to,
  sport: 40_000 + (turn % 20_000),
  dport: 8080,
  packets: 1,
  bytes: 40,
  action: 'REJECT',
  face: `eni-${to}`,
});

/** One stranger knocks all the time, another since the middle, and a third until there. */
const flows: readonly Flow[] = every(300, HOURS, (at, turn) => [
  knock(at, '198.51.100.7', '10.0.0.1', turn),
  at < (HOURS / 2) * 3600 ? knock(at, '198.51.100.8', '10.0.0.2', turn) : knock(at, '198.51.100.9', '10.0.0.3', turn), // prettier-ignore
  { at: at + 10, from: '10.0.0.4', to: '203.0.113.5', sport: 40_000 + (turn % 20_000) },
  { at: at + 10, from: '203.0.113.5', to: '10.0.0.4', sport: 443, dport: 40_000 + (turn % 20_000), face: 'eni-10.0.0.4' }, // prettier-ignore
]);

const judged = ({ kind, attempts, sources, first_seen, last_seen }: Finding): unknown => ({
  kind,
  attempts,
  first_seen,
  last_seen,
  sources: sources.map(({ address, state }) => [address, state]),
});

async function findingsOf(more: readonly Flow[]): Promise<readonly Finding[]> {
  return withFlows(
    folder.path,
    [...flows, ...more],
    async (service) => (await service.knocks(null)).findings,
  );
}

describe('hours without logs count neither way', () => {
  test.each(
    share(
      [
        ['a year later', 366 * DAY],
        ['a month before', -30 * DAY],
      ],
      1,
    ),
  )('one flow %s changes no finding', async (_, at) => {
    const alone = await findingsOf([]);
    expect(alone.map(({ kind }) => kind).toSorted()).toEqual(
      expect.arrayContaining(['new_stranger', 'persistent_stranger', 'stopped_stranger']),
    );
    const withStray = await findingsOf([knock(at, '198.51.100.77', '10.0.0.9', 1)]);
    expect(withStray.map(judged)).toEqual(alone.map(judged));
    // The last hour of the logs counts whole where the range goes on after it.
    for (const [i, { score }] of withStray.entries())
      expect(Math.abs(score - (alone[i]?.score ?? 0))).toBeLessThan(0.01);
    const persistent = withStray.find(({ kind }) => kind === 'persistent_stranger');
    expect(persistent?.summary).toMatch(/in all logs of this range \(4 days( of logs within \d+ days)?\)/);
  });
});
