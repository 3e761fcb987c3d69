import { expect } from 'vitest';
import { LocalService } from '../../../src/service/local-service.ts';
import { withLoggedStore } from '../../support/logged-store.ts';
import { share } from '../../support/suite.ts';
import { test, testInBoth } from '../../support/in-both-suites.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { background } from './background.ts';
import { conversation } from './conversations.ts';
import { headerOf, lineOf } from './flow-records.ts';
import { retriedConnections } from './scenarios/retried-connections.ts';
import { World } from './world.ts';

const folder = useTempFolder();

function someWorld(): World {
  const world = new World({ seed: 'less', hours: 6, window: 60, format: 'v5' });
  background(world);
  for (const { name, plant } of retriedConnections.slice(0, 2)) world.happen(name, plant);
  return world;
}

/** Its logs with only these fields, in this order. */
function logsOf(world: World, fields: readonly string[]): string {
  const all = headerOf('v5').split(' ');
  const lines = world.records().map((record) => {
    const values = lineOf(record, 'v5').split(' ');
    return fields.map((field) => values[all.indexOf(field)] ?? '-').join(' ');
  });
  return [fields.join(' '), ...lines].join('\n');
}

const v5 = headerOf('v5').split(' ');
const without = (...fields: readonly string[]): readonly string[] =>
  v5.filter((one) => !fields.includes(one));
/** As transit gateways log: no action, and what no network interface knows. */
const gateway = ['version', 'resource-type', 'account-id', 'tgw-id', 'tgw-attachment-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'log-status', 'type', 'packets-lost-no-route', 'tcp-flags', 'flow-direction']; // prettier-ignore

const layouts = share(
  [
    ['of a transit gateway', gateway, /The logs have no action/],
    ['without an action', without('action'), /The logs have no action/],
    ['with no address of the source', without('srcaddr'), /the logs have no srcaddr/],
    ['with neither start nor end', without('start', 'end'), /no flow has a time/],
    ['without a start', without('start'), null],
    ['without an end', without('end'), null],
    ['without interfaces', without('interface-id'), null],
    ['without ports', without('srcport', 'dstport'), null],
    ['without packets and bytes', without('packets', 'bytes'), null],
  ],
  3,
);

testInBoth.each(layouts)(
  'logs %s are investigated as far as they go, and say so',
  async (_name, fields, note) => {
    await withLoggedStore(folder.path, [`${logsOf(someWorld(), fields)}\n`], async (store) => {
      const service = new LocalService(store);
      const { flows, quarantined } = await service.status();
      expect(quarantined).toBe(0);
      expect(flows).toBeGreaterThan(1000);
      const { findings, notes } = await service.knocks(null);
      if (note === null) expect(findings.some(({ kind }) => kind.endsWith('stranger'))).toBe(true);
      else {
        expect(findings).toEqual([]);
        expect(notes.join('\n')).toMatch(note);
        expect(notes.join('\n')).not.toMatch(/error|undefined|null|NaN|select /i);
      }
    });
  },
);

test('without source ports, the records of a session that goes on are no guesses', async () => {
  const world = new World({ seed: 'at work', hours: 12, window: 60, format: 'v5' });
  background(world);
  const [from, to] = [world.outsider(world.random('engineer')), world.host()];
  for (const [turn, at] of [7200, 15_000].entries())
    conversation(world, { at, from, to, sport: 40_000 + turn, dport: 22 }, { lasts: 5000, asked: 160_000, answered: 240_000 }); // prettier-ignore
  await withLoggedStore(
    folder.path,
    [`${logsOf(world, without('srcport', 'tcp-flags'))}\n`],
    async (store) => {
      const { findings, notes } = await new LocalService(store).knocks(null);
      expect(findings.filter(({ kind }) => kind === 'brute_force').map(({ summary }) => summary)).toEqual([]);
      for (const what of ['Exposed services', 'Guessing that succeeded', 'Connections outward by a timer'])
        expect(notes).toContain(`${what} could not be searched for: the logs have no srcport.`);
    },
  );
});
