import { type Admin, AuthenticationError, type Connection } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { LeaderWatch } from './leader-watch.ts';
import { type OfPartition, askLeaders, describeWaiting } from './leaders.ts';

/** For each broker id, the error that connecting to it throws; null: it works. */
type Brokers = Readonly<Record<number, Error | null>>;

async function ask(brokers: Brokers, leaders: readonly number[], errorCodes: readonly number[] = []) {
  const admin = {
    async connectToBrokers(numbers?: number[] | null) {
      const [number = -1] = numbers ?? [];
      const failure = brokers[number];
      if (failure === undefined) return new Map<number, Connection>();
      if (failure !== null) throw failure;
      return new Map([[number, {} as Connection]]);
    },
  } as Pick<Admin, 'connectToBrokers'>;
  const wanted = leaders.map((_, partition) => ({ partition }));
  const { answers, waiting } = await askLeaders(
    admin,
    wanted,
    (partition) => leaders[partition] ?? -1,
    async (_connection, own): Promise<readonly OfPartition[]> =>
      own.map(({ partition }) => ({ partition, errorCode: errorCodes[partition] ?? 0 })),
  );
  return { read: answers.map(({ partition }) => partition), waiting: describeWaiting(waiting) };
}

const away = new Error('connect ECONNREFUSED 127.0.0.1:9093');

test('a partition without a reachable leader waits with a reason and does not block the others', async () => {
  expect(await ask({ 1: null, 2: away }, [1, 2, -1, 1, 2, 7, 1], [0, 0, 0, 6])).toEqual({
    read: [0, 6],
    waiting: [
      'Partitions 2, 3 wait, since there is no leader. They go on as soon as that is over.',
      `Partitions 1, 4 wait, since broker 2 can't be asked: ${away.message}. They go on as soon as that is over.`,
      "Partition 5 waits, since broker 7 can't be asked: it is not there. It goes on as soon as that is over.",
    ],
  });
});

test('it is an error if no broker can be asked or a request is refused', async () => {
  await expect(ask({ 1: away }, [1, 1, -1])).rejects.toThrow('ECONNREFUSED');
  await expect(ask({ 1: null, 2: new AuthenticationError('wrong password') }, [1, 2])).rejects.toThrow(
    'wrong password',
  );
  expect(await ask({}, [-1, -1])).toMatchObject({ read: [] });
});

test('waiting partitions are looked up again in the background until there is an answer', async () => {
  const answers: number[][] = [[], [3]];
  const asked: number[][] = [];
  const watch = new LeaderWatch({
    async ends(partitions) {
      asked.push([...partitions]);
      const found = answers.shift() ?? [];
      return {
        answers: found.map((partition) => ({ partition, earliest: 0, end: 9, committedEnd: 9 })),
        waiting: new Map(partitions.filter((one) => !found.includes(one)).map((one) => [one, 'so'])),
      };
    },
  });
  watch.begin(new Map([[3, 'there is no leader']]));
  watch.add(new Map([[4, 'there is no leader']]));
  await expect
    .poll(() => watch.found().map(({ partition }) => partition), { timeout: 10_000, interval: 20 })
    .toEqual([3]);
  expect(asked.slice(0, 2)).toEqual([
    [3, 4],
    [3, 4],
  ]);
  expect([...watch.waiting]).toEqual([[4, 'so']]);
});
