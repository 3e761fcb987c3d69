import { expect, test, vi } from 'vitest';
import { emptyReport } from '../../src/model/add-reports.ts';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import { Problem } from '../data/request-problem.ts';
import type { Chosen } from './chosen-files.ts';
import type { FileProgress } from './send-file.ts';
import { UploadQueue } from './upload-queue.ts';

type Send = (
  name: string,
  signal: AbortSignal,
  tell: (progress: FileProgress) => void,
) => Promise<IngestReport>;

function queueThat(send: Send): {
  readonly queue: UploadQueue;
  readonly taken: { count: number };
  readonly waits: number[];
} {
  const [taken, waits] = [{ count: 0 }, [] as number[]];
  const queue = new UploadQueue({
    send: (_file, name, signal, tell) => send(name, signal, tell),
    onTaken: () => taken.count++,
    sleep: async (milliseconds) => void waits.push(milliseconds),
  });
  return { queue, taken, waits };
}

const files = (...names: readonly string[]): Chosen => ({
  files: names.map((name) => ({ name, file: new File(['x'.repeat(10)], name) })),
  leftOut: 0,
});
const report = (flows: number): IngestReport => ({ ...emptyReport(), inputs: 1, records: flows, flows });
const problem = (code: string): Problem => new Problem({ code, title: code, detail: code });
const ended = async (queue: UploadQueue): Promise<void> =>
  vi.waitFor(() => expect(queue.state()?.phase).not.toBe('sending'));

test('files go one after another, those that are added meanwhile too, and their reports add up', async () => {
  const sent: string[] = [];
  const { queue, taken } = queueThat(async (name, _signal, tell) => {
    sent.push(name);
    tell({ stage: 'sending', bytes: 4 });
    expect(queue.state()?.bytes.sent).toBe(sent.length * 10 - 6);
    // A request has bytes of its own besides the file's.
    tell({ stage: 'sending', bytes: 99 });
    expect(queue.state()?.bytes.sent).toBe(sent.length * 10);
    if (name === 'a') queue.add(files('c'));
    return report(name === 'b' ? 0 : 5);
  });
  queue.add(files('a', 'b'));
  await ended(queue);
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(queue.state()).toMatchObject({
    phase: 'done',
    files: { done: 3, total: 3 },
    bytes: { sent: 30, total: 30 },
    report: { inputs: 3, flows: 10 },
  });
  expect(taken.count).toBe(2);
  queue.putAway();
  expect(queue.state()).toBeNull();
});

test('a file that is refused leaves the others alone; what no file would pass stops them', async () => {
  const { queue } = queueThat(async (name) => {
    if (name === 'large') throw problem('too_large');
    if (name === 'third') throw problem('disk_full');
    return report(1);
  });
  queue.add(files('large', 'second', 'third', 'fourth'));
  await ended(queue);
  expect(queue.state()).toMatchObject({
    phase: 'cancelled',
    files: { done: 2, total: 4 },
    refused: [{ name: 'large', problem: { code: 'too_large' } }],
    stopped: { code: 'disk_full' },
    report: { flows: 1 },
  });
});

test('while the server is busy with others, a file is sent again', async () => {
  let tries = 0;
  const { queue, waits } = queueThat(async () => {
    if (++tries < 4) throw problem('busy');
    return report(1);
  });
  queue.add(files('a'));
  await ended(queue);
  expect(queue.state()).toMatchObject({ phase: 'done', report: { flows: 1 }, refused: [] });
  expect(waits).toEqual([1000, 1000, 1000]);
});

test('cancelled, it ends the file in hand and sends no other; nothing is put away before', async () => {
  const sent: string[] = [];
  const { queue } = queueThat(async (name, signal) => {
    sent.push(name);
    if (name === 'a') return report(1);
    queue.putAway();
    queue.cancel();
    throw signal.reason;
  });
  queue.add(files('a', 'b', 'c'));
  await ended(queue);
  expect(sent).toEqual(['a', 'b']);
  expect(queue.state()).toMatchObject({
    phase: 'cancelled',
    files: { done: 1, total: 3 },
    report: { flows: 1 },
    stopped: null,
  });
});

test('files that nobody sends are counted, of all that were added', async () => {
  const { queue } = queueThat(async () => report(1));
  queue.add({ ...files('a'), leftOut: 2 });
  queue.add({ ...files('b'), leftOut: 5 });
  await ended(queue);
  expect(queue.state()).toMatchObject({ leftOut: 7, files: { done: 2, total: 2 } });
});
