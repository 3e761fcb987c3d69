import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { DEFAULT_BOUNDS, type Bounds } from '../../src/listen/bounds.ts';
import { Listener, type ListenerOptions } from '../../src/listen/listener.ts';
import type { UnkeptVisits, Visit } from '../../src/model/visits/visit.ts';

export interface Listening {
  readonly listener: Listener;
  /** The first port. */
  readonly port: number;
  /** All ports, in the order that they were named. */
  readonly ports: readonly number[];
  /** The lines that are written, but those of visits that were open. */
  readonly lines: () => readonly (Visit | UnkeptVisits)[];
  /** The lines of visits that were open when these were written. */
  readonly openLines: () => readonly Visit[];
  /** The visits, once so many are written. */
  readonly visits: (count: number) => Promise<readonly Visit[]>;
}

/** A listener in this process on free ports of 127.0.0.1, with bounds wide enough for tests. Stop it. */
export async function listenHere(
  parent: string,
  bounds: Partial<Bounds> = {},
  options: Partial<ListenerOptions> = {},
): Promise<Listening> {
  const folder = mkdtempSync(join(parent, 'visits-'));
  const listener = new Listener({
    hosts: [{ address: '127.0.0.1', optional: false }],
    ports: [
      { protocol: 'tcp', port: 0 },
      { protocol: 'udp', port: 0 },
    ],
    folder,
    bounds: { ...DEFAULT_BOUNDS, rate: 10_000, rateOfSource: 10_000, connectionsOfSource: 1_000, ...bounds },
    dropOldest: false,
    answer: null,
    greetings: new Map(),
    secureContext: null,
    onLine: () => undefined,
    onProblem: (message) => {
      throw new Error(message);
    },
    ...options,
  });
  const open = await listener.start();
  const ports = open.map(({ port }) => port);
  const written = (): readonly (Visit | UnkeptVisits)[] =>
    readdirSync(folder)
      .sort()
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Visit | UnkeptVisits);
  const isOpen = (line: Visit | UnkeptVisits): line is Visit => 'ended' in line && line.ended === 'open';
  const lines = (): readonly (Visit | UnkeptVisits)[] => written().filter((line) => !isOpen(line));
  const kept = (): readonly Visit[] => lines().filter((line): line is Visit => !('unkept' in line));
  return {
    listener,
    port: ports[0] ?? 0,
    ports,
    lines,
    openLines: () => written().filter(isOpen),
    visits: async (count) => {
      await expect.poll(() => kept().length, { timeout: 30_000 }).toBe(count);
      return kept();
    },
  };
}

/** As `listenHere`, for visits that end after `idle` milliseconds without data; listeners are stopped after each test. */
export function useListeners(
  parent: () => string,
): (options?: Partial<ListenerOptions>, idle?: number) => Promise<Listening> {
  const started: Listener[] = [];
  afterEach(async () => {
    for (const listener of started.splice(0)) await listener.stop();
  });
  return async (options = {}, idle = 1_500) => {
    const listening = await listenHere(parent(), { idle }, options);
    started.push(listening.listener);
    return listening;
  };
}
