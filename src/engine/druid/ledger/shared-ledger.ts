import type { LedgerStatus } from '../../../model/engine-status.ts';
import { PeepholeError } from '../../../model/errors.ts';
import type { Store } from '../../duckdb/store.ts';
import { InputsTaken } from '../../input-register.ts';
import { SourceMoved } from '../../source-register.ts';
import type { SeenBatches } from '../seen-batches.ts';
import type { Journal, KnownBefore } from './journal.ts';
import { KnownSources } from './known-sources.ts';
import { type CommitRecord, type LedgerRecord, encodeRecord } from './ledger-record.ts';
import { type KnownBatch, LedgerReplica, nameOf } from './ledger-replica.ts';
import type { MessageLog } from './ledger-topic.ts';

/** Whoever made a claim may have ended: others wait for so many milliseconds. */
const LEASE = 60_000;
/** Bytes of a message: brokers accept a mebibyte by default. */
const MOST_BYTES = 512 * 1024;

/**
 * The ledger of a data source that several processes fill: a topic in Kafka, whose records each of them applies to its own store, in
 * the same order and with the same outcome. Which batch brings an input is so decided by the order in the topic alone, whatever
 * process is slow, sleeps or ends; no record can be taken back, and none comes before one that was read.
 */
export class SharedLedger {
  readonly sources: KnownSources;
  readonly #store: Store;
  readonly #log: MessageLog;
  readonly #replica: LedgerReplica;
  readonly #lease: number;

  private constructor(store: Store, log: MessageLog, replica: LedgerReplica, lease: number) {
    this.#store = store;
    this.#log = log;
    this.#replica = replica;
    this.#lease = lease;
    this.sources = new KnownSources(store.sources, () => this.current(), replica);
  }

  /**
   * Opens it, and applies all that is in it. Throws as `LedgerReplica.open`.
   *
   * @param lease milliseconds for which a claim keeps others waiting
   */
  static async open(store: Store, log: MessageLog, lease = LEASE): Promise<SharedLedger> {
    return new SharedLedger(store, log, await LedgerReplica.open(store, log), lease);
  }

  /** Counts what changes answers. */
  get revision(): number {
    return this.#replica.revision;
  }

  /** Which batches a question sees that begins now. */
  get seen(): SeenBatches {
    return this.#replica.seen;
  }

  get status(): LedgerStatus {
    return this.#replica.status;
  }

  /** Resolves once all is in the store that was committed before, by whomever. */
  async current(): Promise<void> {
    const { end } = await this.#log.ends();
    await this.#replica.until(end - 1);
  }

  /** What a batch that begins now is made from. @param visits how many of some visits are in */
  known(visits: KnownBefore['visits']): KnownBefore {
    return {
      positions: (source) => this.sources.knownPositions(source),
      idsVersion: (source) => this.sources.knownIdsVersion(source),
      visits,
    };
  }

  /** Begins a batch, and returns its name. */
  async begin(): Promise<string> {
    const id = nameOf(await this.#append([{ kind: 'open' }]));
    this.#replica.watch(id);
    return id;
  }

  /**
   * Returns once no other batch is about to bring the same inputs, for as long as it can be waited for. Throws `InputsTaken` for
   * those that are in. It saves sending rows in vain; what is right is decided by `commit`.
   */
  async claim(batch: string, hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    const offset = await this.#append([{ kind: 'claim', batch, hashes }]);
    await this.#replica.until(offset);
    const mine = new Set(hashes);
    for (;;) {
      const taken = hashes.filter((sha256) => this.#store.inputs.isIn(sha256));
      if (taken.length > 0) throw new InputsTaken(taken);
      const isBefore = ({ open, claim }: KnownBatch): boolean =>
        open &&
        claim !== null &&
        claim.offset < offset &&
        Date.now() - claim.at < this.#lease &&
        claim.hashes.some((sha256) => mine.has(sha256));
      if (![...this.#replica.batches.values()].some(isBefore)) return;
      await this.#replica.change();
    }
  }

  /**
   * Commits a batch whose rows are in Druid. Throws `InputsTaken` where others brought some of its inputs, `SourceMoved` where
   * they read one of its sources further, `engine_unreachable` where it can't be known what became of it.
   */
  async commit(batch: string, journal: Journal): Promise<void> {
    const parts = partsOf(batch, journal.blocks());
    const { hashes, positions, idsChanges: ids } = journal;
    const commit: CommitRecord = {
      kind: 'commit',
      batch,
      parts: parts.length,
      hashes,
      positions: journal.positionChanges,
      ids,
    };
    try {
      await this.#append([...parts, commit]);
    } catch {
      // It may have come all the same. What comes first now, it or this, is what counts.
      await this.#append([{ kind: 'drop', batch, sent: true }]);
    }
    const outcome = await this.#replica.outcomeOf(batch);
    switch (outcome.kind) {
      case 'in':
        this.sources.saved(positions, ids);
        return;
      case 'taken':
        throw new InputsTaken(outcome.hashes);
      case 'moved':
        this.sources.forget(outcome.source);
        throw new SourceMoved(outcome.source);
      case 'dropped':
        throw new PeepholeError(
          'engine_unreachable',
          `The batch ${batch} did not get into the ledger in Kafka (topic ${this.#log.name}). Nothing of it is seen; take its inputs in again.`,
        );
    }
  }

  /** Ends a batch that brings nothing. @param sent whether rows of it may be in Druid */
  async drop(batch: string, sent: boolean): Promise<void> {
    this.#replica.forget(batch);
    await this.#append([{ kind: 'drop', batch, sent }]);
  }

  /**
   * Says that flows from before a moment are dropped, of all batches that have begun (`LedgerRecord`, `cut`).
   *
   * @returns the name of the cut
   */
  async dropFlows(before: number): Promise<string> {
    const offset = await this.#append([{ kind: 'cut', before }]);
    await this.#replica.until(offset);
    return nameOf(offset);
  }

  close(): Promise<void> {
    return this.#replica.close();
  }

  async #append(records: readonly LedgerRecord[]): Promise<number> {
    this.#replica.checkOpen();
    return this.#log.append(records.map(encodeRecord));
  }
}

function partsOf(batch: string, blocks: readonly Buffer[]): readonly LedgerRecord[] {
  return blocks.flatMap((block) => {
    const parts: LedgerRecord[] = [];
    for (let from = 0; from < block.length; from += MOST_BYTES)
      parts.push({
        kind: 'part',
        batch,
        end: from + MOST_BYTES >= block.length,
        bytes: block.subarray(from, from + MOST_BYTES),
      });
    return parts;
  });
}
