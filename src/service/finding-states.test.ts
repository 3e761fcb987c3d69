import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../test/support/batch-of.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { Finding, Knocks, KnockSource } from '../model/knocks/knocks.ts';
import type { StateChange } from '../model/knocks/parse-state-change.ts';
import { FindingStates } from './finding-states.ts';
import { ledgerEntry } from '../../test/support/ledger-entry.ts';

const temp = useTempFolder();
const DAY = 86_400;
/** A morning, in Unix seconds: the newest flow is ten minutes older. */
const MORNING = Date.UTC(2026, 0, 10, 8) / 1000;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '');

const source = (address: string, first: number, last: number): KnockSource => ({
  address, attempts: 9, per_hour: null, interval_seconds: null, first_seen: iso(first), last_seen: iso(last),
  state: 'steady', name: null, country: null, asn: null, as_name: null,
}); // prettier-ignore

/** A finding about machines at 10.0.0.5; times in Unix seconds. */
function finding(kind: Finding['kind'], first: number, last: number, more: Partial<Finding> = {}): Finding {
  return {
    id: `${kind}:10.0.0.5`, kind, score: 0.5, score_parts: [], verdict: 'rejected', target: null, target_count: 1, ports: [], port_count: 0,
    sources: [source('198.51.100.7', first, last)], source_count: 1, attempts: 9, counted: 'connections', rejected_flows: 9,
    amounts: [], first_seen: iso(first), last_seen: iso(last), coverage: { hours: 1, unknown_hours: 0 },
    hourly: { measure: 'attempts', from: iso(first), attempts: [9], unknown: [] }, query: {}, summary: 'They try.',
    evidence: [], next_step: 'Look.', ...more,
  };
} // prettier-ignore

const knocks = (...findings: readonly Finding[]): Knocks<Finding> => ({
  range: null,
  range_investigated: null,
  notes: [],
  totals: { flows: 1, rejected_flows: 1, rejected_share: 1 },
  findings,
  rest: [],
  stats: { ms: 1 },
});

const change = (state: StateChange['state'], more: Partial<StateChange> = {}): StateChange => ({
  state,
  note: null,
  until: null,
  time: null,
  ...more,
});

let stores = 0;
/** States in a store whose newest flow is of a moment, and the clock that they go by. */
async function states(
  newest: number,
  use: (states: FindingStates, clock: { now: number }, store: DuckDbStore) => Promise<void>,
): Promise<void> {
  const folder = join(temp.path, `states-${++stores}`);
  const store = await DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 1 });
  try {
    await store.write(async (batch) => {
      const input = batch.open();
      await batch.append(input, partOf([{ srcaddr: '10.0.0.1', start: newest, end: newest, action: 'ACCEPT', log_status: 'OK' }])); // prettier-ignore
      batch.close(input, ledgerEntry('a'));
    });
    const clock = { now: MORNING };
    await use(new FindingStates(store, () => clock.now * 1000), clock, store);
  } finally {
    await store.close();
  }
}

const nobody = (): Promise<Knocks<Finding>> => Promise.resolve(knocks());

/** Tells an investigation of one finding as a daily run does, and returns what it said. */
async function told(states: FindingStates, one: Finding): Promise<{ state: string; reason: string | null; id: string }> {
  const answer = await states.withStates(knocks(one));
  const fresh = answer.findings.filter(({ state }) => state === 'new').map(({ id }) => id);
  await states.markKnown(knocks(one), fresh);
  const [first] = answer.findings;
  return { state: first?.state ?? '', reason: first?.state_info.reason ?? null, id: first?.id ?? '' };
} // prettier-ignore

test('solved: flows from before that time are late, flows after it reopen the finding', async () => {
  await states(MORNING - 600, async (all, clock) => {
    const yesterday = finding('scan', MORNING - DAY, MORNING - 3600);
    const { id } = await told(all, yesterday);
    await all.set(id, change('solved'), nobody);
    expect(await told(all, yesterday)).toMatchObject({ id, state: 'solved' });
    // Its last packets were logged after it was solved.
    expect(await told(all, finding('scan', MORNING - DAY, MORNING - 10))).toMatchObject({ state: 'solved' });
    clock.now += DAY;
    const back = finding('scan', MORNING - DAY, MORNING + 3600);
    expect(await told(all, back)).toEqual({
      id,
      state: 'new',
      reason:
        'Solved 10 January 2026 08:00 UTC, and seen again since, the last time 10 January 2026 09:00 UTC.',
    });
    expect(await told(all, back)).toMatchObject({ id, state: 'known', reason: null });
  });
});

test('solved in old logs: flows after the newest one reopen the finding', async () => {
  const long = MORNING - 1000 * DAY;
  await states(long, async (all) => {
    const { id } = await told(all, finding('scan', long - DAY, long - 3600));
    await all.set(id, change('solved'), nobody);
    expect(await told(all, finding('scan', long - DAY, long))).toMatchObject({ state: 'solved' });
    expect(await told(all, finding('scan', long - DAY, long + 1))).toMatchObject({ state: 'new', id });
  });
});

test('muted until a moment, and known after it', async () => {
  await states(MORNING, async (all, clock) => {
    const scan = finding('scan', MORNING - DAY, MORNING);
    const { id } = await told(all, scan);
    await all.set(id, change('muted', { until: MORNING + 7 * DAY, note: 'ours' }), nobody);
    expect((await all.withStates(knocks(scan))).findings).toMatchObject([
      { state: 'muted', state_info: { until: iso(MORNING + 7 * DAY), note: 'ours' } },
    ]);
    clock.now += 7 * DAY;
    const [after] = (await all.withStates(knocks(scan))).findings;
    expect(after).toMatchObject({
      state: 'known',
      state_info: { until: null, since: iso(MORNING + 7 * DAY), note: 'ours' },
    });
    expect(await all.kept()).toMatchObject([{ id, state: 'known', summary: 'They try.' }]);
  });
});

test('an event at another time is another finding', async () => {
  await states(MORNING, async (all) => {
    const moved = (kind: Finding['kind'], first: number, last: number): Promise<{ state: string }> =>
      told(all, finding(kind, MORNING + first * 3600, MORNING + last * 3600));
    // A machine that sent much: the same while it goes on, the next day too.
    expect(await moved('outbound_volume', 0, 5)).toMatchObject({ state: 'new' });
    expect(await moved('outbound_volume', 6, 20)).toMatchObject({ state: 'known' });
    expect(await moved('outbound_volume', 0, 40)).toMatchObject({ state: 'known' });
    expect(await moved('outbound_volume', 100, 101)).toMatchObject({
      state: 'new',
      reason: expect.stringMatching(
        /^Like outbound_volume-[0-9a-f]{8}, which is known, but of another time\.$/,
      ),
    });
    expect(await moved('outbound_volume', 101, 200)).toMatchObject({
      state: 'new',
      reason: expect.stringContaining('It went on, or happened again, after it was reported'),
    });
    // A rule that changed: the moment of the change counts, not how long its clients try.
    expect(await moved('rejected_after_change', 0, 5)).toMatchObject({ state: 'new' });
    expect(await moved('rejected_after_change', 0, 500)).toMatchObject({ state: 'known' });
    expect(await moved('rejected_after_change', 2, 500)).toMatchObject({ state: 'new' });
    // What vanished: when it was there last counts, not since when the range knows it.
    expect(await moved('vanished', 0, 50)).toMatchObject({ state: 'new' });
    expect(await moved('vanished', 40, 50)).toMatchObject({ state: 'known' });
    expect(await moved('vanished', 60, 70)).toMatchObject({ state: 'new' });
  });
});

test('one more open port is new, fewer are not; another machine of an acknowledged beacon is', async () => {
  await states(MORNING, async (all) => {
    const open = (...ports: readonly number[]): Finding =>
      finding('exposed_service', MORNING - DAY, MORNING, { ports, id: 'exposed_service:eni-1:10.0.0.5:databases' }); // prettier-ignore
    const { id } = await told(all, open(3306));
    await all.set(id, change('acknowledged', { note: 'for a day' }), nobody);
    expect(await told(all, open(3306))).toMatchObject({ state: 'acknowledged' });
    expect(await told(all, open(3306, 5432))).toMatchObject({
      id,
      state: 'new',
      reason: '1 port of it was not open when it was acknowledged 10 January 2026 08:00 UTC: 5432.',
    });
    expect(await told(all, open(3306))).toMatchObject({ id, state: 'known' });

    const beacon = (...from: readonly string[]): Finding =>
      finding('outbound_beacon', MORNING, MORNING + DAY, {
        sources: from.map((address) => source(address, MORNING + 60, MORNING + DAY)),
        source_count: from.length,
      });
    const first = await told(all, { ...beacon('10.0.0.1'), last_seen: iso(MORNING) });
    expect(await told(all, beacon('10.0.0.1', '10.0.0.2'))).toMatchObject({ id: first.id, state: 'new' });
    expect(await told(all, beacon('10.0.0.2'))).toMatchObject({ id: first.id, state: 'known' });
  });
});

test('a campaign that falls into parts stays known, each part under an id of its own', async () => {
  await states(MORNING, async (all) => {
    const at = (addresses: readonly string[]): Finding =>
      finding('brute_force', MORNING - DAY, MORNING, {
        sources: addresses.map((address) => source(address, MORNING - DAY, MORNING)),
        source_count: addresses.length,
      });
    const { id } = await told(all, at(['192.0.2.1', '192.0.2.2', '192.0.2.3']));
    const parts = (await all.withStates(knocks(at(['192.0.2.1', '192.0.2.2']), at(['192.0.2.3'])))).findings;
    expect(parts.map(({ state }) => state)).toEqual(['known', 'known']);
    expect(parts[0]?.id).toBe(id);
    expect(parts[1]?.id).not.toBe(id);
  });
});

test('known findings that were not reported for long are forgotten, decisions of users are kept', async () => {
  await states(MORNING, async (all, clock) => {
    const [one, two, three] = ['1', '2', '3'].map((end) => finding('scan', MORNING, MORNING, { id: `scan:192.0.2.${end}` })); // prettier-ignore
    await told(all, one!);
    const { id } = await told(all, two!);
    await all.set(id, change('acknowledged', { note: 'ours' }), nobody);
    clock.now += 181 * DAY;
    await told(all, three!);
    expect((await all.kept()).map(({ state }) => state)).toEqual(['acknowledged', 'known']);
    expect(await told(all, one!)).toMatchObject({ state: 'new' });
  });
});

test('a store that may only be read tells states and changes none', async () => {
  await states(MORNING, async (all, clock, store) => {
    const scan = finding('scan', MORNING - DAY, MORNING);
    const { id } = await told(all, scan);
    const readOnly = new Proxy<FlowStore>(store, {
      get: (target, name) => (name === 'readOnly' ? true : Reflect.get(target, name, target)),
    });
    const shown = new FindingStates(readOnly, () => clock.now * 1000);
    expect((await shown.withStates(knocks(scan))).findings).toMatchObject([{ id, state: 'known' }]);
    const refused = { code: 'read_only', message: expect.stringContaining('can only be read here') };
    await expect(shown.set(id, change('solved'), nobody)).rejects.toMatchObject(refused);
    await expect(shown.markKnown(knocks(scan), [id])).rejects.toMatchObject(refused);
  });
});
