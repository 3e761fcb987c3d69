import { AuthenticationError, type Connection } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { LeaderRequests } from './leader-requests.ts';
import { type OfPartition, askLeaders } from './leaders.ts';

interface Asked {
  readonly leader: number;
  readonly partitions: readonly number[];
  answer(errorCode?: number): void;
  fail(error: Error): void;
}

/** Brokers that answer when the test lets them. */
function brokers() {
  const asked: Asked[] = [];
  const leaders = new Map<number, number>([
    [0, 1],
    [1, 2],
    [2, 2],
  ]);
  const admin = {
    connectToBrokers: async (numbers?: number[] | null) =>
      new Map((numbers ?? []).map((number) => [number, number as unknown as Connection])),
  };
  const wanted = [...leaders.keys()].map((partition) => ({ partition }));
  const leaderOf = (partition: number): number => leaders.get(partition) ?? -1;
  const ask = (connection: Connection, own: readonly { readonly partition: number }[]) =>
    new Promise<readonly OfPartition[]>((resolve, reject) => {
      const partitions = own.map(({ partition }) => partition);
      asked.push({
        leader: connection as unknown as number,
        partitions,
        answer: (errorCode = 0) => resolve(partitions.map((partition) => ({ partition, errorCode }))),
        fail: reject,
      });
    });
  return { asked, leaders, admin, wanted, leaderOf, ask };
}

test('while one leader does not answer, the answers of another are used and it is asked again', async () => {
  const { asked, admin, wanted, leaderOf, ask } = brokers();
  const requests = new LeaderRequests<{ partition: number }, OfPartition>(admin);
  const look = async (within = 10_000) => {
    const { answers, waiting } = await requests.ask(wanted, leaderOf, ask, within);
    return { read: answers.map(({ partition }) => partition), waiting: [...waiting.keys()] };
  };
  const first = look();
  await expect.poll(() => asked.length).toBe(2);
  asked[0]?.answer();
  expect(await first).toEqual({ read: [0], waiting: [] });
  const second = look();
  await expect.poll(() => asked.map(({ leader }) => leader)).toEqual([1, 2, 1]);
  asked[2]?.answer();
  expect(await second).toEqual({ read: [0], waiting: [] });
  // A caller whose time is over gets an empty answer.
  expect(await look(1)).toEqual({ read: [], waiting: [] });
  // The late answer counts too, together with those of the others.
  asked[3]?.answer();
  asked[1]?.answer();
  expect((await look()).read.toSorted()).toEqual([0, 1, 2]);
});

test('a failed leader is not an error as long as another one may answer', async () => {
  const { asked, admin, wanted, leaderOf, ask } = brokers();
  const requests = new LeaderRequests<{ partition: number }, OfPartition>(admin);
  const look = () => requests.ask(wanted, leaderOf, ask, 10_000);
  const first = look();
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.fail(new Error('reset'));
  expect([...(await first).waiting.keys()]).toEqual([1, 2]);
  asked[0]?.fail(new Error('reset too'));
  await expect(requests.ask(wanted.slice(0, 1), leaderOf, ask, 10_000)).rejects.toThrow('reset too');
  const refused = look();
  await expect.poll(() => asked.length).toBe(4);
  asked[2]?.fail(new AuthenticationError('wrong password'));
  await expect(refused).rejects.toThrow('wrong password');
});

test('a partition with a new leader is read there, and the answer of the old one is ignored', async () => {
  const { asked, leaders, admin, wanted, leaderOf, ask } = brokers();
  const requests = new LeaderRequests<{ partition: number }, OfPartition>(admin);
  const look = async (within: number) => {
    const { answers } = await requests.ask(wanted, leaderOf, ask, within);
    return answers.map(({ partition }) => partition).toSorted();
  };
  expect(await look(1)).toEqual([]);
  leaders.set(1, 3);
  const moved = look(10_000);
  await expect
    .poll(() => asked.map(({ leader, partitions }) => [leader, partitions]))
    .toContainEqual([3, [1]]);
  asked.find(({ leader }) => leader === 3)?.answer();
  expect(await moved).toEqual([1]);
  asked.find(({ leader }) => leader === 2)?.answer();
  expect(await look(10_000)).toEqual([2]);
});

test('answers to requests from before a reset are ignored', async () => {
  const { asked, admin, wanted, leaderOf, ask } = brokers();
  const requests = new LeaderRequests<{ partition: number }, OfPartition>(admin);
  await requests.ask(wanted, leaderOf, ask, 1);
  requests.forget();
  const anew = requests.ask(wanted.slice(0, 1), leaderOf, ask, 10_000);
  await expect.poll(() => asked.length).toBe(3);
  for (const one of asked.slice(0, 2)) one.answer();
  asked[2]?.answer();
  expect((await anew).answers.map(({ partition }) => partition)).toEqual([0]);
});

test('a single request waits a little longer than the first answer', async () => {
  const { asked, admin, wanted, leaderOf, ask } = brokers();
  const once = askLeaders(admin, wanted, leaderOf, ask, 20);
  await expect.poll(() => asked.length).toBe(2);
  asked[0]?.answer();
  const { answers, waiting } = await once;
  expect(answers.map(({ partition }) => partition)).toEqual([0]);
  expect([...waiting]).toEqual([1, 2].map((partition) => [partition, 'broker 2 does not answer']));
  asked[1]?.fail(new Error('nobody hears it'));
});
