import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { withLoggedStore } from '../../../test/support/logged-store.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { abortReason, PeepholeError } from '../../model/errors.ts';
import type { Answer } from '../../model/query/answer.ts';
import { parseQuery } from '../../model/query/parse-query.ts';

const temp = useTempFolder();
const FLOWS = 60_000;
const ROUNDS = 30;

/** Flows with many values of everything. */
let lines = '';
beforeAll(() => {
  const flows = Array.from({ length: FLOWS }, (_, i) => {
    const start = 1_717_200_000 + (i % 86_400);
    return `2 123456789012 eni-1 10.${i % 7}.${(i >> 8) % 256}.${i % 256} 10.0.0.${i % 200} ${1024 + (i % 60_000)} ${i % 50_000} 6 3 ${i} ${start} ${start + 9} ACCEPT OK`;
  });
  lines = flows.join('\n');
});

const questions = {
  'one row': { measures: ['distinct(srcport)', 'distinct(dstport)', 'distinct(srcaddr)'] },
  'many rows': { splits: [{ field: 'srcport', limit: 100_000 }], measures: ['flows', 'bytes'] },
  'nested rows': {
    splits: [
      { field: 'dstaddr', limit: 200 },
      { field: 'srcaddr', limit: 50 },
    ],
  },
};

describe('an answer that is interrupted', () => {
  test.for(Object.entries(questions))('of %s is whole, or none', async ([, question]) => {
    await withLoggedStore(temp.path, [lines], async (store) => {
      const query = parseQuery(question);
      const began = performance.now();
      const rows = JSON.stringify((await store.query(query)).rows);
      const alone = performance.now() - began;
      let [whole, none] = [0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const stop = new AbortController();
        const asked = store.query(query, { signal: stop.signal }).catch((error: unknown) => error);
        await sleep((1.2 * alone * round) / ROUNDS);
        stop.abort();
        const answer = await asked;
        if (answer instanceof PeepholeError) {
          expect(answer).toMatchObject({ code: abortReason(stop.signal).code });
          none++;
        } else {
          // Compared as texts: there are thousands of rows.
          expect(JSON.stringify((answer as Answer).rows) === rows).toBe(true);
          whole++;
        }
      }
      expect(whole + none).toBe(ROUNDS);
      expect(none).toBeGreaterThan(0);
    });
  });
});
