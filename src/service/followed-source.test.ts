import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PeepholeError } from '../model/errors.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import type { Source, SourceRun, SourceSink } from '../sources/source.ts';
import { FollowedSource } from './followed-source.ts';

const sink: SourceSink = {
  positions: async () => new Map(),
  takeObjects: async () => ({ failed: [] }),
  takeMessages: async () => undefined,
};

/** A source whose reads do one thing after another; the last again and again. */
function sourceOf(...reads: readonly ((run: SourceRun) => Promise<void>)[]): Source & { count: number } {
  const source = {
    id: 's3://logs',
    kind: 's3' as const,
    count: 0,
    read: (run: SourceRun): Promise<void> => reads[Math.min(source.count++, reads.length - 1)]!(run),
  };
  return source;
}

const untilAborted = ({ signal, note }: SourceRun): Promise<void> => {
  note({ live: true, lagSeconds: 0 });
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
};
const failing = (code: 'source_failed' | 'source_refused' | 'usage') => async (): Promise<void> => {
  throw new PeepholeError(code, `it is ${code}`);
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};
const fast = { follow: true, mustStart: false, firstWait: 1, random: () => 0.5 };

test('may wait for its end in many places at once, without a warning', async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.removeListener('warning', note));
  const source = sourceOf(async ({ signal }) => {
    for (let place = 0; place < 30; place++) signal.addEventListener('abort', () => undefined);
    // Node warns in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const { signal } = new AbortController();
  await new FollowedSource(source, sink, { ...fast, follow: false }).run(signal);
  expect(warnings).toEqual([]);
});

describe('a source that is followed', () => {
  test('is tried again after failures, also where it refuses, and says what was wrong', async () => {
    const source = sourceOf(failing('source_failed'), failing('source_refused'), untilAborted);
    const followed = new FollowedSource(source, sink, fast);
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await until(() => followed.status.state === 'live');
    expect(source.count).toBe(3);
    expect(followed.status).toMatchObject({
      lag_seconds: 0,
      next_try: null,
      last_error: { code: 'source_refused', message: 'it is source_refused' },
    });
    ending.abort();
    await run;
    expect(followed.status.state).toBe('stopped');
  });

  test('that nothing is behind is known only while it is read; what is behind stays so', async () => {
    const left: (number | null)[] = [];
    const failingAt =
      (lag: number) =>
      async ({ note }: SourceRun): Promise<void> => {
        left.push(followed.status.lag_seconds);
        note({ live: lag === 0, lagSeconds: lag, lagObjects: lag });
        throw new PeepholeError('source_failed', 'gone');
      };
    const last = async (run: SourceRun): Promise<void> => {
      left.push(followed.status.lag_seconds);
      await untilAborted(run);
    };
    const followed = new FollowedSource(sourceOf(failingAt(0), failingAt(7), last), sink, fast);
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await until(() => left.length === 3);
    expect(left).toEqual([null, null, 7]);
    await until(() => followed.status.lag_seconds === 0);
    followed.pause();
    await until(() => followed.status.state === 'stopped');
    expect(followed.status).toMatchObject({ lag_seconds: null, lag_objects: 7, paused: true });
    ending.abort();
    await run;
  });

  test('tells once that it begins to fail, and once that it works again', async () => {
    const notices: SourceNotice[] = [];
    const stops = async (run: SourceRun): Promise<void> => {
      run.note({ live: true });
      await new Promise((resolve) => setImmediate(resolve));
      throw new PeepholeError('source_failed', 'it stops');
    };
    const source = sourceOf(
      failing('source_refused'),
      failing('source_failed'),
      async (run) => run.note({ live: false }),
      failing('source_failed'),
      stops,
      untilAborted,
    );
    const onNotice = (notice: SourceNotice): void => void notices.push(notice);
    const followed = new FollowedSource(source, sink, { ...fast, onNotice });
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await until(() => source.count === 6 && followed.status.state === 'live');
    ending.abort();
    await run;
    const about = { source: 's3://logs' };
    expect(notices).toEqual([
      { kind: 'failing', ...about, reason: 'it is source_refused' },
      { kind: 'working', ...about },
      { kind: 'failing', ...about, reason: 'it stops' },
      { kind: 'working', ...about },
    ]);
  });

  test('tells once that there is nothing to read yet, and warns as long as that is so', async () => {
    const notices: SourceNotice[] = [];
    const warnings: (readonly string[])[] = [];
    const source = sourceOf(async ({ note }) => {
      for (const nothingYet of ['It is empty.', 'It is empty.', null]) {
        note({ live: true, nothingYet });
        warnings.push(followed.status.warnings);
      }
    });
    const onNotice = (notice: SourceNotice): void => void notices.push(notice);
    const followed = new FollowedSource(source, sink, { ...fast, follow: false, onNotice });
    await followed.run(new AbortController().signal);
    expect(notices).toEqual([{ kind: 'empty', source: 's3://logs', reason: 'It is empty.' }]);
    expect(warnings).toEqual([['It is empty.'], ['It is empty.'], []]);
  });

  test('what waits has waited longer with time; nothing, and what nobody knows, stays so', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    const seen: (number | null)[] = [];
    const source = sourceOf(async ({ note }) => {
      for (const lagSeconds of [7, 0, null]) {
        note({ lagSeconds });
        clock.mockReturnValue(performance.now() + 90_000);
        seen.push(followed.status.lag_seconds);
        note({ live: false });
        seen.push(followed.status.lag_seconds);
      }
    });
    const followed = new FollowedSource(source, sink, { ...fast, follow: false });
    await followed.run(new AbortController().signal);
    expect(seen).toEqual([97, 97, 0, 0, null, null]);
  });

  test('says what is amiss, until it is not any more', async () => {
    const notes = [
      { live: true, warnings: ['ec2:DescribeFlowLogs is not allowed'] },
      { live: true },
      { warnings: [] },
    ];
    const seen: (readonly string[])[] = [];
    const source = sourceOf(async ({ note }) => {
      for (const progress of notes) {
        note(progress);
        seen.push(followed.status.warnings);
      }
    });
    const followed = new FollowedSource(source, sink, { follow: false, mustStart: true });
    expect(followed.status.warnings).toEqual([]);
    await followed.run(new AbortController().signal);
    const [{ warnings } = {}] = notes;
    expect(seen).toEqual([warnings, warnings, []]);
  });

  test('waits longer after each failure, up to a minute, and never as long as another', async () => {
    const waits: number[] = [];
    const source = sourceOf(failing('source_failed'));
    const followed = new FollowedSource(source, sink, { ...fast, firstWait: 1_000, random: () => 0.25 });
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    for (let failures = 1; failures <= 9; failures++) {
      await until(() => source.count === failures && followed.status.next_try !== null);
      waits.push(Math.round((Date.parse(followed.status.next_try!) - Date.now()) / 500) / 2);
      expect(followed.status.state).toBe('waiting');
      // Goes on at once.
      followed.resume();
    }
    ending.abort();
    await run;
    // A quarter of what may be taken off, half of each wait, is.
    expect(waits.map((wait) => Math.round(wait / 0.875))).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60, 60].map((wait) => expect.closeTo(wait, -0.3)),
    );
  });

  test('begins with short waits again once something was taken in', async () => {
    const source = sourceOf(
      failing('source_failed'),
      failing('source_failed'),
      async ({ sink: given }) => {
        await given.takeMessages({ messages: [] });
        throw new PeepholeError('source_failed', 'cut');
      },
      untilAborted,
    );
    const followed = new FollowedSource(source, sink, { ...fast, firstWait: 40 });
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await until(() => source.count === 3 && followed.status.state === 'waiting');
    expect(Date.parse(followed.status.next_try!) - Date.now()).toBeLessThanOrEqual(40);
    await until(() => followed.status.state === 'live');
    ending.abort();
    await run;
  });

  test('is paused and goes on', async () => {
    const source = sourceOf(untilAborted);
    const followed = new FollowedSource(source, sink, fast);
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await until(() => followed.status.state === 'live');
    followed.pause();
    await until(() => followed.status.state === 'stopped');
    expect(source.count).toBe(1);
    followed.resume();
    await until(() => followed.status.state === 'live');
    expect(source.count).toBe(2);
    followed.pause();
    await until(() => followed.status.state === 'stopped');
    ending.abort();
    await run;
  });

  test('must start where that is asked, and is no longer tried where that is in vain', async () => {
    const { signal } = new AbortController();
    await expect(
      new FollowedSource(sourceOf(failing('source_refused')), sink, { ...fast, mustStart: true }).run(signal),
    ).rejects.toMatchObject({ code: 'source_refused' });
    await expect(
      new FollowedSource(sourceOf(failing('usage')), sink, fast).run(signal),
    ).rejects.toMatchObject({ code: 'usage' });
    await expect(
      new FollowedSource(sourceOf(failing('source_failed')), sink, { ...fast, follow: false }).run(signal),
    ).rejects.toMatchObject({ code: 'source_failed' });
  });

  test('ends where it is read once', async () => {
    const source = sourceOf(async () => undefined);
    await new FollowedSource(source, sink, { ...fast, follow: false }).run(new AbortController().signal);
    expect(source.count).toBe(1);
  });
});
