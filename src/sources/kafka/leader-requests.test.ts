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

/** Brokers that answer when a test says so. */
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

test('the answer of one leader is used at once, and it is asked again, while another leader does not answer', async () => {
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
  // Who waits in vain learns so.
  expect(await look(1)).toEqual({ read: [], waiting: [] });
  // What the silent one says at last counts, with what others said.
  asked[3]?.answer();
  asked[1]?.answer();
  expect((await look()).read.toSorted()).toEqual([0, 1, 2]);
});

test('one that fails is no error as long as another one may answer', async () => {
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

test('a partition that has another leader is asked there, and what the old one says of it does not count', async () => {
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

test('what was asked before all is forgotten does not count', async () => {
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

test('who is asked once is awaited a moment longer than the first that answers', async () => {
  const { asked, admin, wanted, leaderOf, ask } = brokers();
  const once = askLeaders(admin, wanted, leaderOf, ask, 20);
  await expect.poll(() => asked.length).toBe(2);
  asked[0]?.answer();
  const { answers, waiting } = await once;
  expect(answers.map(({ partition }) => partition)).toEqual([0]);
  expect([...waiting]).toEqual([1, 2].map((partition) => [partition, 'broker 2 does not answer']));
  asked[1]?.fail(new Error('nobody hears it'));
});
