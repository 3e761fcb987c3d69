import { expect, test } from 'vitest';
import { FakeStore, base, evaluateAt, steady, timeOf, lateAlerts, watch, type Flow } from './late-flows.ts';

const { begin, told } = lateAlerts();

test('flows that arrive late in a window: it is evaluated again, and the alert is sent once', async () => {
  const flows = (at: number, comes: number, times: number): readonly Flow[] =>
    Array.from({ length: times }, () => ({ at, comes, name: '198.51.100.7' }));
  const store = new FakeStore([
    ...steady(600),
    ...flows(62, 62, 2),
    ...flows(63, 130, 5),
    ...flows(63, 200, 3),
  ]);
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [{ field: 'srcaddr', in: ['198.51.100.7'] }] }; // prettier-ignore
  const alerts = { late: { ...base, condition } };
  let evaluating = await begin(store, alerts);
  await watch(store, evaluating, { from: 30, to: 131 });
  expect(told()).toEqual([]);
  // Another process continues, which was not running when they arrived.
  evaluating = await begin(store, alerts);
  await watch(store, evaluating, { from: 135, to: 300 });
  expect(told().map(({ state, value, to }) => `${state} ${value} ${to}`)).toEqual([
    `firing 7 ${timeOf(65)}`,
    `ok null ${timeOf(135)}`,
  ]);
});

test('an alert that fired because flows were missing ends when they arrive', async () => {
  const flows = Array.from({ length: 300 }, (_, at) => ({
    at,
    comes: at >= 100 && at < 105 ? 150 : at,
    name: at % 2 === 0 ? 'steady' : 'other',
  }));
  const store = new FakeStore([...flows, { at: 102, comes: 102, name: 'other' }]);
  const condition = { kind: 'amount', measure: 'flows', below: 3, window: 'PT5M', filter: [] };
  const evaluating = await begin(store, { few: { ...base, condition } });
  await watch(store, evaluating, { from: 30, to: 116 });
  expect(told().map(({ state, to }) => `${state} ${to}`)).toEqual([`firing ${timeOf(105)}`]);
  await watch(store, evaluating, { from: 116, to: 200 });
  expect(told().map(({ state, to }) => `${state} ${to}`)).toEqual([
    `firing ${timeOf(105)}`,
    `ok ${timeOf(110)}`,
  ]);
  const [status] = await evaluating.statuses();
  expect(status?.state).toBe('ok');
});

test('windows are not queried again while no flow is late, and few of them if one is', async () => {
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [] };
  const alerts = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`a${i}`, { ...base, condition: { ...condition, above: 100 + i } }]),
  );
  const store = new FakeStore([...steady(400), { at: 150, comes: 301, name: 'steady' }]);
  const evaluating = await begin(store, alerts);
  const queries: unknown[] = [];
  const ask = store.query.bind(store);
  store.query = (query) => {
    if ('filter' in (query as object)) queries.push(query);
    return ask(query);
  };
  await watch(store, evaluating, { from: 30, to: 300 });
  expect(queries).toHaveLength((285 - 20) / 5 + 1);
  // At most two queries a minute to find out whether flows arrived.
  expect(store.asked).toBeLessThanOrEqual(2 * 270);
  queries.length = 0;
  await watch(store, evaluating, { from: 300, to: 360 });
  // The windows in order, and all windows of the older hour, since it is not known which of its minutes has the late flow.
  expect(queries).toHaveLength(12 + 12);
});

test('windows that are dropped because too many wait are in the history', async () => {
  const store = new FakeStore([{ at: 1, comes: 1, name: 'steady' }]);
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [] };
  const evaluating = await begin(store, { a: { ...base, every: 'PT1M', condition } });
  for (const minute of [20, 1000, 1900, 2500, 4000]) await evaluateAt(store, evaluating, minute);
  const [status] = await evaluating.statuses();
  const lost = status?.history.filter(({ reason }) => reason?.includes('not evaluated'));
  expect(lost).toHaveLength(1);
  expect(lost?.[0]?.reason).toMatch(
    /^[\d,]+ windows that ended from .* to .* were not evaluated: too many of them waited\.$/,
  );
});
