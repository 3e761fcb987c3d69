import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { troubleWithSummaries } from './check-summaries.ts';
import { troubleWith } from './check-truth.ts';
import { investigateWorld } from './investigate-world.ts';
import { worldOf } from './scenario.ts';
import { retriedConnections } from './scenarios/retried-connections.ts';

const folder = useTempFolder();

test('what an investigation gets wrong is noticed', async () => {
  const [scenario] = retriedConnections;
  if (scenario === undefined) throw new TypeError('no scenario');
  await investigateWorld(worldOf(scenario, 1), folder.path, async (right) => {
    const told = right.knocks.findings.find(({ kind }) => kind === 'persistent_stranger');
    if (told === undefined) throw new TypeError('no stranger');
    const withFindings = (...findings: readonly (typeof told)[]): typeof right => ({
      ...right,
      knocks: { ...right.knocks, findings },
    });
    expect(troubleWith(right)).toEqual([]);
    expect(troubleWith(withFindings())).toEqual([expect.stringContaining('not found')]);
    const [source] = told.sources;
    const [visitor = ''] = right.world.benign.flatMap(({ sources }) => sources);
    if (source === undefined) throw new TypeError('no source');
    const wrong = [
      [{ attempts: told.attempts + 1 }, 'attempts instead of'],
      [{ kind: 'brute_force' }, 'told as brute_force'],
      [{ verdict: 'unanswered' }, 'verdict unanswered instead of rejected'],
      [{ ports: [1] }, 'ports 1 instead of'],
      [{ sources: [source, { ...source, address: visitor }] }, 'told together with'],
      [{ sources: [{ ...source, attempts: source.attempts - 1 }] }, `of ${source.address} instead of`],
      [{ first_seen: told.last_seen }, 'first seen'],
    ] as const;
    for (const [change, expected] of wrong)
      expect(troubleWith(withFindings({ ...told, ...change })).join('\n')).toContain(expected);
    const twice = troubleWith(withFindings(told, told)).join('\n');
    for (const expected of ['2 findings instead of 1', 'attempts instead of', 'attempts of'])
      expect(twice).toContain(expected);
    const accused = { ...told, sources: [{ ...source, address: visitor }] };
    expect(troubleWith(withFindings(told, accused))).toEqual([
      expect.stringContaining('the ordinary network: told as persistent_stranger'),
    ]);

    expect(await troubleWithSummaries(right)).toEqual([]);
    const summary = `${told.summary.slice(0, -1)}, 31,337 times.`;
    expect(await troubleWithSummaries(withFindings({ ...told, summary }))).toEqual([
      expect.stringContaining('no query returns "31,337"'),
    ]);
  });
});
