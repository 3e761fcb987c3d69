import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOptions } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import { VisitFileReader } from '../ingest/visits/visit-file-reader.ts';
import type { InvestigationEnrichment } from '../investigate/investigation-enrichment.ts';
import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import type { Door } from '../model/visits/door.ts';
import type { DoorRequest } from '../model/visits/parse-door.ts';
import { readDoor, type DoorContext } from './read-door.ts';

/**
 * Milliseconds that an answer waits for new visits to be ingested: in total, and without progress, since behind a large
 * ingest they may wait for minutes.
 */
const PATIENCE = 20_000;
const STANDSTILL = 2_000;
/**
 * The page requests an answer every other second: while flows arrive, findings are reused for so many times as long as they
 * took, and so many milliseconds at most.
 */
const STAND_TIMES = 10;
const STAND_MOST = 60_000;

interface Known {
  readonly findings: readonly Finding[];
  readonly revision: number;
  readonly inventoryRevision: number;
  readonly standsUntil: number;
}

/** Answers requests about visits, including those that listeners on this machine have written so far. */
export class DoorService {
  readonly #store: FlowStore;
  readonly #files: VisitFileReader;
  #findings: Known | null = null;

  constructor(store: FlowStore) {
    this.#store = store;
    this.#files = new VisitFileReader(store, store.folder);
  }

  /** Ingests what listeners have written since. */
  async takeNew(): Promise<void> {
    if (!this.#store.readOnly) await this.#files.takeNew();
  }

  /** Stops ingesting visits, after the current batch. */
  end(): void {
    this.#files.end();
  }

  /** @param investigate the investigation of all data; called only if there are visits */
  async answer(
    request: DoorRequest,
    options: RunOptions,
    enrichment: InvestigationEnrichment,
    ownNames: DoorContext['ownNames'],
    investigate: () => Promise<Knocks>,
  ): Promise<Door> {
    const late = await this.#lateNote();
    const door = await readDoor(
      this.#store,
      request,
      { enrichment, ownNames, findings: () => this.#findingsOf(investigate) },
      options,
    );
    return late === null ? door : { ...door, notes: [late, ...door.notes] };
  }

  /** Waits for new visits; gives a note if some are not ingested yet. */
  async #lateNote(): Promise<string | null> {
    const waiting = new AbortController();
    const taken = this.takeNew().then(
      () => null,
      (error: unknown) => `New visits could not be taken in: ${(error as Error).message}`,
    );
    try {
      return await Promise.race([taken, this.#standstill(waiting.signal)]);
    } finally {
      waiting.abort();
    }
  }

  /** Resolves once nothing was ingested for a while, or the time limit is reached. */
  async #standstill(signal: AbortSignal): Promise<string | null> {
    const began = performance.now();
    for (let before = -1; before !== this.#files.taken && performance.now() - began < PATIENCE;) {
      before = this.#files.taken;
      await sleep(STANDSTILL, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return null;
    }
    return 'New visits are still being taken in: they come with the next answer.';
  }

  async #findingsOf(investigate: () => Promise<Knocks>): Promise<readonly Finding[]> {
    const now = performance.now();
    const { revision, inventoryRevision } = this.#store;
    const known = this.#findings;
    if (
      known?.inventoryRevision === inventoryRevision &&
      (known.revision === revision || now < known.standsUntil)
    )
      return known.findings;
    const { findings } = await investigate();
    const ended = performance.now();
    const standsUntil = ended + Math.min(STAND_MOST, STAND_TIMES * (ended - now));
    this.#findings = { findings, revision, inventoryRevision, standsUntil };
    return findings;
  }
}
