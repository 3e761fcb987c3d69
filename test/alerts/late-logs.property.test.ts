import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/suite.ts';
import { episodesOf, kinds, lacking } from './late-episodes.ts';
import {
  FakeStore,
  STEP,
  base,
  deliverAt,
  evaluateAt,
  minuteOf,
  steady,
  lateAlerts,
  watch,
  type Flow,
} from './late-flows.ts';

const names = ['198.51.100.7', '198.51.100.8'];
const { accept, begin, reset, told } = lateAlerts();

test('conditions on missing flows, which arrive in any order: each episode of all flows is sent, and those that last are the expected ones', async () => {
  const END = 330;
  const flow = fc.record({
    at: fc.integer({ min: 60, max: 160 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 110 })),
    times: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(flow, { minLength: 4, maxLength: 24 }),
      fc.constantFrom('absence' as const, 'few' as const),
      fc.constantFrom(0, 10),
      async (some, kind, pending) => {
        reset();
        const flows = some.flatMap(({ at, late, times }) =>
          Array.from({ length: times }, (): Flow => ({ at, comes: at + late, name: names[0] ?? '' })),
        );
        const store = new FakeStore([...steady(END), ...flows]);
        const { condition, holds } = lacking[kind];
        const filter = [{ field: 'srcaddr', in: names }];
        const alert = { ...base, ...(pending === 0 ? {} : { for: `PT${pending}M` }), condition: { ...condition, split: 'srcaddr', filter } }; // prettier-ignore
        const evaluating = await begin(store, { x: alert });
        await watch(store, evaluating, { from: 45, to: END, step: STEP });
        const windows = Array.from({ length: (END - 45) / STEP }, (_, i) => 35 + i * STEP);
        const expected = episodesOf(flows, windows, holds(), pending);
        const [status] = await evaluating.statuses();
        const history = status?.history.map(({ state, at }) => `${state} ${minuteOf(at)}`);
        const firings = told().filter(({ state }) => state === 'firing');
        // Sent, and not over before the episode. Two episodes that were sent as one before late flows split them stay one.
        const isTold = ({ start: from, end }: { readonly start: number; readonly end: number }): boolean =>
          told().some(({ state, to }, i) => {
            const over = told()
              .slice(i)
              .find((each) => each.state === 'ok');
            return (
              state === 'firing' &&
              minuteOf(to) - pending <= end &&
              (over === undefined || minuteOf(over.to) > from)
            );
          });
        const lasts = expected.at(-1)?.end === windows.at(-1) ? expected.slice(-1) : [];
        const firing = status?.series.filter(({ state }) => state === 'firing') ?? [];
        if (
          !expected.every(isTold) ||
          JSON.stringify(firing.map(({ since }) => minuteOf(since))) !== JSON.stringify(lasts.map((each) => each.start)) ||
          new Set(told().map(({ key }) => key)).size !== told().length
        )
          throw new Error(JSON.stringify({ kind, pending, expected, lasts, firings: firings.map(({ to }) => minuteOf(to)), firing, history, flows })); // prettier-ignore
      },
    ),
    { numRuns: runs({ short: 3, long: 60 }), seed: 11 },
  );
}, 600_000);

test('flows in any order: each episode of all flows is sent once, and no other lasts', async () => {
  const END = 480;
  const flow = fc.record({
    at: fc.integer({ min: 60, max: 200 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 180 })),
    name: fc.constantFrom(...names),
    times: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(flow, { minLength: 1, maxLength: 14 }),
      fc.constantFrom(...(['above', 'wide', 'change'] as const)),
      fc.constantFrom(0, 10),
      fc.array(
        fc.integer({ min: 9, max: 95 }).map((step) => step * STEP),
        { maxLength: 4 },
      ),
      fc.array(
        fc.integer({ min: 12, max: 80 }).map((step) => step * STEP),
        { maxLength: 2 },
      ),
      async (some, kind, pending, restarts, failures) => {
        reset();
        const flows = some.flatMap(({ at, late, name, times }) =>
          Array.from({ length: times }, (): Flow => ({ at, comes: at + late, name })),
        );
        const store = new FakeStore([...steady(END), ...flows]);
        const { condition, holds } = kinds[kind];
        const filter = [{ field: 'srcaddr', in: names }];
        const alerts = {
          x: { ...base, ...(pending === 0 ? {} : { for: `PT${pending}M` }), condition: { ...condition, split: 'srcaddr', filter } },
        }; // prettier-ignore
        let evaluating = await begin(store, alerts);
        for (let minute = 45; minute < END; minute += STEP) {
          if (failures.includes(minute)) accept(false);
          if (failures.includes(minute - 30)) accept(true);
          await evaluateAt(store, evaluating, minute);
          // Killed between the evaluation and the messages.
          if (restarts.includes(minute)) evaluating = await begin(store, alerts);
          await deliverAt(evaluating, minute);
        }
        const windows = Array.from({ length: (END - 45) / STEP }, (_, i) => 35 + i * STEP).filter(
          (at) => at <= END - 15,
        );
        const accepted = new Map(told().map((message) => [message.key, message]));
        for (const name of names) {
          const own = flows.filter((each) => each.name === name);
          const expected = episodesOf(own, windows, holds, pending);
          const firings = [...accepted.values()].filter(
            ({ state, rows }) => state === 'firing' && rows.some((row) => row['srcaddr'] === name || row['value'] === name),
          ); // prettier-ignore
          const context = { kind, pending, name, expected, firings: firings.map(({ to, at }) => [minuteOf(to), at]), flows: own, state: await evaluating.statuses() }; // prettier-ignore
          // All are over by then. Only a comparison may have fired more often, because of flows that were missing.
          const wrong = kind === 'change' ? firings.length : expected.length;
          if (firings.length < expected.length || firings.length > wrong)
            throw new Error(JSON.stringify(context));
        }
        expect((await evaluating.statuses())[0]?.series).toEqual([]);
      },
    ),
    { numRuns: runs({ short: 3, long: 60 }), seed: 7 },
  );
}, 600_000);
