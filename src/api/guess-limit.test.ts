import { describe, expect, test } from 'vitest';
import { GuessLimit, usualLimits, type GuessLimits } from './guess-limit.ts';

const wrong = (): boolean => false;
const right = (): boolean => true;
const quick: GuessLimits = { ...usualLimits, delay: 40 };
/** With a delay that no test waits for. */
const endless: GuessLimits = { ...usualLimits, delay: 600_000 };

async function fill(limit: GuessLimit, address: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await limit.look(address, wrong);
}

/** Whether an answer comes without a delay. */
function isAtOnce(looking: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    looking.then(() => true),
    new Promise<boolean>((resolve) => {
      setImmediate(resolve, false);
    }),
  ]);
}

describe('guesses of tokens', () => {
  test('are delayed once an address has used its free ones, and refused unseen if too many wait', async () => {
    const limit = new GuessLimit(quick, () => 0);
    expect(await isAtOnce(fill(limit, '192.0.2.1', 10))).toBe(true);
    let seen = 0;
    const look = (): boolean => {
      seen++;
      return false;
    };
    const all = await Promise.allSettled(Array.from({ length: 100 }, () => limit.look('192.0.2.1', look)));
    expect(seen).toBe(8);
    const refused = all
      .filter(({ status }) => status === 'rejected')
      .map((each) => each as PromiseRejectedResult);
    expect(refused).toHaveLength(92);
    expect(refused[0]?.reason).toMatchObject({ code: 'slow_down', details: { retry_after: 1 } });
    // Other addresses are not delayed.
    expect(await isAtOnce(limit.look('192.0.2.2', right))).toBe(true);
  });

  test('the right token is never delayed if its address gave it before', async () => {
    const limit = new GuessLimit(quick, () => 0);
    await limit.look('192.0.2.1', right);
    await fill(limit, '192.0.2.1', 10);
    const attack = Promise.allSettled(Array.from({ length: 100 }, () => limit.look('192.0.2.1', wrong)));
    expect(await isAtOnce(limit.look('192.0.2.1', right))).toBe(true);
    await attack;
  });

  test('the right token, given for the first time among wrong ones, is accepted after the delay', async () => {
    const limit = new GuessLimit(quick, () => 0);
    await fill(limit, '192.0.2.1', 10);
    expect(await limit.look('192.0.2.1', right)).toBe(true);
    expect(await isAtOnce(limit.look('192.0.2.1', right))).toBe(true);
  });

  test('all addresses together are delayed too, except known ones', async () => {
    const limit = new GuessLimit(quick, () => 0);
    await limit.look('198.51.100.1', right);
    for (let i = 0; i < 100; i++) await limit.look(`10.0.${i}.1`, wrong);
    const many = Array.from({ length: 200 }, (_, i) => limit.look(`10.1.${i}.1`, wrong));
    expect(await isAtOnce(limit.look('198.51.100.1', right))).toBe(true);
    const all = await Promise.allSettled(many);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(64);
  });

  test('are forgotten with time', async () => {
    let now = 0;
    const limit = new GuessLimit(endless, () => now);
    await fill(limit, '192.0.2.1', 10);
    now += 5_000;
    expect(await isAtOnce(limit.look('192.0.2.1', wrong))).toBe(true);
    expect(await isAtOnce(limit.look('192.0.2.1', wrong))).toBe(false);
  });

  test('need bounded memory, whatever addresses they come from', async () => {
    const limit = new GuessLimit({ ...quick, freeOfAll: Infinity }, () => 0);
    for (let i = 0; i < 5_000; i++)
      await limit.look(`10.${i >> 8}.${i & 255}.1`, i % 2 === 0 ? wrong : right);
    expect(limit.size).toBeLessThanOrEqual(2_000);
  });

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:1:2:3'],
    ['2001:db8::1', '2001:0db8:0:0:1::'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::2'],
  ])('%s and %s are one guesser', async (one, other) => {
    const limit = new GuessLimit(endless, () => 0);
    await fill(limit, one, 10);
    expect(await isAtOnce(limit.look(other, wrong))).toBe(false);
  });
});
