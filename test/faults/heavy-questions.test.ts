import { describe, expect, test } from 'vitest';
import { finished, peephole, serve, start } from '../support/cli.ts';
import { load, SLOW, useStoreOf } from './heavy-questions.ts';

const store = useStoreOf(1, 60_000);

describe('a server under heavy questions', { timeout: 300_000 }, () => {
  test('stops what takes too long, whoever asked and however', async () => {
    const server = await serve(store(), ['--query-timeout', '2']);
    try {
      const outcomes = await Promise.all([
        ...Array.from({ length: 3 }, () => peephole(['sql', '--store', store(), SLOW])),
        peephole(['sql', '--store', store(), '--query-timeout', '1', SLOW]),
      ]);
      for (const { code, stderr } of outcomes) {
        expect(code).toBe(1);
        expect(stderr).toMatch(/No answer within [12] s, waiting included|Too much is being asked at once/);
      }
    } finally {
      await server.stop();
    }
    const alone = await peephole(['sql', '--store', store(), '--query-timeout', '1', SLOW]);
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('No answer within 1 s')]);
  });

  test('a client whose owner process was killed gets an error, and the query is not repeated', async () => {
    const server = await serve(store());
    const asking = finished(start(['sql', '--store', store(), SLOW]));
    await expect.poll(() => load(server), { timeout: 60_000 }).toEqual({ at_work: 1, waiting: 0 });
    server.process.kill('SIGKILL');
    const { code, stderr } = await asking;
    expect([code, stderr]).toEqual([1, expect.stringContaining('ended before it answered')]);
  });
});
