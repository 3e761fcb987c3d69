import { expect, test } from 'vitest';
import type { FlowStore } from '../engine/flow-store.ts';
import type { RunOptions } from '../engine/engine.ts';
import type { Urgency } from '../model/query/urgency.ts';
import { IdleMonitor } from './idle-monitor.ts';
import { QuestionRunner } from './question-runner.ts';

/** Statements that end when the test says so, or are interrupted; and the order in which they began and ended. */
class FakeEngine {
  readonly log: string[] = [];
  readonly #ends = new Map<string, () => void>();
  readonly #fails = new Map<string, () => void>();

  run(name: string, { signal }: RunOptions): Promise<string> {
    this.log.push(`${name} begins`);
    return new Promise((resolve, reject) => {
      this.#ends.set(name, () => {
        this.log.push(`${name} ends`);
        resolve(name);
      });
      this.#fails.set(name, () => reject(new Error('no memory')));
      signal?.addEventListener('abort', () => {
        this.log.push(`${name} is interrupted`);
        reject(new Error('interrupted'));
      });
    });
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }

  fail(name: string): void {
    this.#fails.get(name)?.();
  }
}

function runner(): {
  readonly engine: FakeEngine;
  readonly ask: (name: string, urgency: Urgency, signal?: AbortSignal) => Promise<string>;
} {
  const engine = new FakeEngine();
  const store = { generation: 1, settled: () => Promise.resolve() } as unknown as FlowStore;
  const questions = new QuestionRunner(store, new IdleMonitor(), {
    timeLimitMs: null,
    queue: { short: 4, long: 2, all: 8, background: 1, waiting: 10 },
    processBytes: Infinity,
  });
  return {
    engine,
    ask: (name, urgency, signal) =>
      questions.ask({ client: name, urgency, ...(signal === undefined ? {} : { signal }) }, (context) =>
        questions.inTurn(context, context.deadline.signal, 1, (options) => engine.run(name, options)),
      ),
  };
}

test('a count is interrupted by a chart, whoever asks it, and asked again after it', async () => {
  const { engine, ask } = runner();
  const count = ask('count', 'count');
  await expect.poll(() => engine.log).toEqual(['count begins']);
  const chart = ask('chart', 'chart');
  await expect.poll(() => engine.log.slice(1).toSorted()).toEqual(['chart begins', 'count is interrupted']);
  engine.end('chart');
  expect(await chart).toBe('chart');
  await expect.poll(() => engine.log.slice(3)).toEqual(['chart ends', 'count begins']);
  engine.end('count');
  expect(await count).toBe('count');
});

test('an aborted call that waits again is not repeated', async () => {
  const { engine, ask } = runner();
  const gone = new AbortController();
  const count = ask('count', 'count', gone.signal);
  await expect.poll(() => engine.log).toEqual(['count begins']);
  const chart = ask('chart', 'chart');
  await expect.poll(() => engine.log).toHaveLength(3);
  gone.abort();
  await expect(count).rejects.toMatchObject({ code: 'cancelled' });
  engine.end('chart');
  await chart;
  expect(engine.log.filter((line) => line === 'count begins')).toHaveLength(1);
});

test('an error of the engine is reported, not retried', async () => {
  const { engine, ask } = runner();
  const list = ask('list', 'list');
  await expect.poll(() => engine.log).toEqual(['list begins']);
  engine.fail('list');
  await expect(list).rejects.toThrow('no memory');
  expect(engine.log).toEqual(['list begins']);
});
