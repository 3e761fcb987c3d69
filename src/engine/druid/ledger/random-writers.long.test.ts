import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partOf } from '../../../../test/support/batch-of.ts';
import {
  HOUR,
  type LedgerProcess,
  addInput,
  inputsIn,
  ledgerContents,
  prepareBatch,
  startLedger,
  writeBatch,
} from '../../../../test/support/ledger-process.ts';
import { type Fate, MemoryLog } from '../../../../test/support/memory-log.ts';
import { useTempFolder } from '../../../../test/support/temp-folder.ts';
import { PeepholeError } from '../../../model/errors.ts';
import { InputsTaken } from '../../input-register.ts';
import { droppedFlows } from '../cut-table.ts';
import type { BesideRows } from './journal.ts';

const temp = useTempFolder();
const PROCESSES = 3;
const INPUTS = 5;
const SOURCE = 'kafka:x';
const SHORT_LEASE = 20;
const DAY = 86_400;

const process = fc.nat({ max: PROCESSES - 1 });
const fate = fc.constantFrom<Fate>('comes', 'comes', 'comes', 'lost', 'unanswered');
const sleeps = fc.boolean();
const step = fc.oneof(
  fc.record({
    kind: fc.constant('input' as const),
    process,
    fate,
    sleeps,
    input: fc.nat({ max: INPUTS - 1 }),
  }),
  fc.record({
    kind: fc.constant('messages' as const),
    process,
    fate,
    sleeps,
    count: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('wake' as const), process }),
  fc.record({ kind: fc.constant('drop' as const), process, fate }),
  fc.record({ kind: fc.constant('kill' as const), process }),
);

/** Flows of an input: no sum of some is that of others. */
const flowsOf = (input: number): number => 2 ** input;
/** What a batch may end with that brings nothing. */
const isRefusal = (error: unknown): boolean =>
  error instanceof InputsTaken ||
  (error instanceof PeepholeError && ['store_busy', 'engine_unreachable'].includes(error.code));

test('whatever writers are killed or sleep, and whatever answers are lost, each input and each message is in once, or was dropped', async () => {
  let worlds = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = ++worlds;
      const log = new MemoryLog();
      const fates = Array.from({ length: PROCESSES }, (): Fate => 'comes');
      const start = (i: number): Promise<LedgerProcess> =>
        startLedger(
          log.client(() => fates[i]!),
          join(temp.path, `world-${world}-${i}`),
          SHORT_LEASE,
        );
      const processes = await Promise.all(fates.map((_, i) => start(i)));
      const asleep = new Map<number, (() => Promise<void>)[]>();
      /** Commits now, or when the process wakes. */
      const write = async (
        { process: i, fate: its, sleeps: later }: { process: number; fate: Fate; sleeps: boolean },
        fill: (batch: BesideRows) => Promise<void>,
      ): Promise<void> => {
        try {
          const { commit } = await prepareBatch(processes[i]!, fill);
          const now = async (): Promise<void> => {
            fates[i] = its;
            try {
              await commit();
            } catch (error) {
              if (!isRefusal(error)) throw error;
            } finally {
              fates[i] = 'comes';
            }
          };
          if (later) asleep.set(i, [...(asleep.get(i) ?? []), now]);
          else await now();
        } catch (error) {
          if (!isRefusal(error)) throw error;
        }
      };
      const wake = async (i: number): Promise<void> => {
        for (const commit of asleep.get(i) ?? []) await commit();
        asleep.delete(i);
      };
      for (const one of steps) {
        const { process: i } = one;
        switch (one.kind) {
          case 'input':
            await write(one, (batch) => addInput(batch, `input ${one.input}`, flowsOf(one.input)));
            break;
          case 'messages': {
            const at = Number((await processes[i]!.ledger.sources.positions(SOURCE)).get('0') ?? 0);
            await write(one, async (batch) => {
              const id = await batch.openStream(SOURCE);
              await batch.append(id, partOf(Array.from({ length: one.count }, () => ({ start: HOUR }))));
              batch.closeStream(id);
              batch.sources.savePositions(SOURCE, new Map([['0', String(at + one.count)]]));
            });
            break;
          }
          case 'drop':
            fates[i] = one.fate;
            await processes[i]!.ledger.dropFlows(HOUR + DAY).catch((error: unknown) => {
              if (!isRefusal(error)) throw error;
            });
            fates[i] = 'comes';
            break;
          case 'wake':
            await wake(i);
            break;
          case 'kill':
            asleep.delete(i);
            await processes[i]!.end();
            processes[i] = await start(i);
        }
      }
      for (const i of fates.keys()) await wake(i);
      const [first] = processes;
      const there = new Set(await inputsIn(first!));
      for (let input = 0; input < INPUTS; input++)
        if (!there.has(`input ${input}`))
          await writeBatch(first!, (batch) => addInput(batch, `input ${input}`, flowsOf(input))).catch(
            (error: unknown) => {
              // Another one's came just now.
              if (!(error instanceof InputsTaken)) throw error;
            },
          );
      const read = Number((await first!.ledger.sources.positions(SOURCE)).get('0') ?? 0);
      const fresh = await startLedger(log.client(), join(temp.path, `world-${world}-fresh`));
      const expected = await ledgerContents(fresh);
      const [sum] = await fresh.store.database.rows('SELECT coalesce(sum(flows), 0) FROM logged_hour');
      expect(Number(sum?.[0]) + (await droppedFlows(fresh.store))).toBe(2 ** INPUTS - 1 + read);
      for (const one of processes) {
        await one.ledger.current();
        expect(await ledgerContents(one)).toEqual(expected);
        expect(one.ledger.seen).toEqual(fresh.ledger.seen);
      }
      for (const one of [...processes, fresh]) await one.end();
    }),
    // To shrink takes minutes: the seed and the path of a failure are enough to have it again.
    { numRuns: 12, endOnFailure: true },
  );
}, 300_000);
