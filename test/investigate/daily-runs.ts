import { expect } from 'vitest';
import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { every, type Line, OURS, port } from './hand-made-logs.ts';

// What has become of findings, over runs on successive days of the same logs.

const DAY = 24 * 3600;
const START = Date.UTC(2024, 0, 10);
const iso = (ms: number): string => new Date(ms).toISOString();

/** A day of the logs, as the time of a query; `count`: so many days up to its end. */
export const day = (index: number, count = 1): unknown => ({
  from: iso(START + (index + 1 - count) * DAY * 1000),
  to: iso(START + (index + 1) * DAY * 1000),
});

/** Somebody who tries one port by the clock, on some days. */
export function knocker(from: string, days: readonly number[], dport = 8080, seconds = 120): readonly Line[] {
  return days.flatMap((index) =>
    every(seconds, (at, turn) => [{ at: index * DAY + at, from, to: OURS, sport: port(turn), dport }], 24),
  );
}

/** What a daily job does: it prints what is new, and then says that it did. */
export async function daily(service: LocalService, time: unknown): Promise<readonly FindingWithState[]> {
  const { findings } = await service.knocks(time);
  const fresh = findings.filter(({ state }) => state === 'new');
  await service.markFindingsKnown(time, fresh.map(({ id }) => id)); // prettier-ignore
  return fresh;
}

export const kinds = (findings: readonly FindingWithState[]): readonly FindingKind[] =>
  findings.map(({ kind }) => kind);
export const only = (findings: readonly FindingWithState[]): FindingWithState => {
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
export const knocksOf = async (service: LocalService, time: unknown): Promise<readonly FindingWithState[]> =>
  (await service.knocks(time)).findings;
