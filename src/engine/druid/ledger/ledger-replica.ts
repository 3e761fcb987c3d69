import type { LedgerStatus } from '../../../model/engine-status.ts';
import { PeepholeError } from '../../../model/errors.ts';
import type { Store } from '../../duckdb/store.ts';
import { addDropped, enterCut, makeCutTable, readCuts } from '../cut-table.ts';
import { type Cut, firstKept, withCut } from '../cuts.ts';
import { markRolledUp } from '../rollup-mark.ts';
import type { SeenBatches } from '../seen-batches.ts';
import { type CommitRecord, type LedgerRecord, decodeRecord, encodeRecord } from './ledger-record.ts';
import { type Judged, type Outcome, judge } from './ledger-state.ts';
import {
  type HiddenBatch,
  type Run,
  makeLedgerTables,
  readBatches,
  readIdsVersions,
  readPlace,
  writeBatch,
  writeIdsVersion,
  writePlace,
} from './ledger-tables.ts';
import type { MessageLog } from './ledger-topic.ts';
import { LogFollower } from './log-follower.ts';
import { replay } from './replay-journal.ts';

/** Milliseconds after which a batch whose commit did not follow its parts is dropped, as its writer has ended or sleeps. */
const HALF_WRITTEN = 600_000;
/** Digits of an offset in the name of a batch. */
const DIGITS = 15;
const PREFIX = 'log-';

/** A batch that is not seen, as this process knows it. */
export interface KnownBatch extends HiddenBatch {
  readonly claim: { readonly offset: number; readonly at: number; readonly hashes: readonly string[] } | null;
  readonly pieces: readonly Piece[];
}

interface Piece extends Extract<LedgerRecord, { kind: 'part' }> {
  readonly offset: number;
  /** When it was read, in milliseconds of `Date.now()`. */
  readonly at: number;
}

/**
 * A store that has what a ledger says: it applies the records one after the other, as all other processes do to theirs, in
 * transactions that say how far it is.
 */
export class LedgerReplica implements Pick<Judged, 'idsVersion'> {
  /** Counts what changes answers. */
  revision: number;
  readonly #store: Store;
  readonly #log: MessageLog;
  readonly #follower: LogFollower;
  readonly #outcomes = new Map<string, Outcome | null>();
  #batches = new Map<string, KnownBatch>();
  #versions = new Map<string, number>();
  #changedBatches = new Set<string>();
  #cuts: readonly Cut[] = [];
  #applied = 0;
  /** Where to read next. */
  #next = 0;
  #saved = 0;

  private constructor(store: Store, log: MessageLog) {
    this.#store = store;
    this.#log = log;
    this.revision = store.revision;
    this.#follower = this.#applying();
  }

  /**
   * Opens it, and applies all that is in the log. Throws `usage` where the log is not the one that the store knows, or has lost
   * records that the store has not.
   */
  static async open(store: Store, log: MessageLog): Promise<LedgerReplica> {
    await makeLedgerTables(store);
    await makeCutTable(store);
    const place = await readPlace(store);
    const { first, end } = await log.ends();
    if (place !== null && (place.topic !== log.id || end < place.applied))
      throw new PeepholeError(
        'usage',
        `The topic ${log.name} is not the one that ${store.options.folder} was made from: it was deleted and made again, or has lost records. Its data source has rows that no ledger knows: begin with another data source.`,
      );
    if (first > (place?.reading ?? 0))
      throw new PeepholeError(
        'usage',
        `The topic ${log.name} has lost its records up to ${first - 1}, of which ${store.options.folder} needs those from ${place?.reading ?? 0} on. A ledger is kept for good (retention.ms=-1, retention.bytes=-1): copy the folder of a process that has read it all.`,
      );
    const replica = new LedgerReplica(store, log);
    await replica.#load();
    replica.#follower.begin();
    try {
      await replica.until(end - 1);
    } catch (error) {
      await replica.close();
      throw error;
    }
    return replica;
  }

  /** Which batches a question sees that begins now. */
  get seen(): SeenBatches {
    return {
      hidden: [...this.#batches.keys()].toSorted(),
      later: { after: nameOf(this.#applied - 1), before: `${PREFIX}~` },
      cuts: this.#cuts,
    };
  }

  get status(): LedgerStatus {
    const failure = this.#follower.failure;
    return {
      topic: this.#log.name,
      records: this.#saved,
      failure: failure === null ? null : failure instanceof Error ? failure.message : String(failure),
    };
  }

  idsVersion(source: string): number {
    return this.#versions.get(source) ?? 0;
  }

  /** Batches that are not seen, by name. */
  get batches(): ReadonlyMap<string, KnownBatch> {
    return this.#batches;
  }

  /** Remembers what becomes of a batch (`outcomeOf`). */
  watch(batch: string): void {
    this.#outcomes.set(batch, null);
  }

  /** Nobody asks what becomes of it. */
  forget(batch: string): void {
    this.#outcomes.delete(batch);
  }

  /** What became of a batch that is watched, once it is known. */
  async outcomeOf(batch: string): Promise<Outcome> {
    let outcome: Outcome | null = null;
    await this.#follower.when(() => (outcome = this.#outcomes.get(batch) ?? null) !== null);
    this.#outcomes.delete(batch);
    return outcome ?? { kind: 'dropped' };
  }

  /** Until the record at an offset, and all before, were applied. */
  async until(offset: number): Promise<void> {
    await this.#follower.when(() => this.#saved > offset);
  }

  /** Resolves at the next record, or after a while. Throws if it is closed. */
  change(): Promise<void> {
    return this.#follower.change();
  }

  checkOpen(): void {
    this.#follower.checkOpen();
  }

  /** Stops reading. */
  close(): Promise<void> {
    return this.#follower.close();
  }

  /** What applies the records that come, for as long as it is open. */
  #applying(): LogFollower {
    return new LogFollower(this.#log, {
      next: () => this.#next,
      take: async (messages) => {
        for (const { offset, value } of messages) {
          await this.#apply(offset, decodeRecord(value));
          this.#next = offset + 1;
        }
        if (this.#saved < this.#applied)
          await this.#store.writeBeside((api) => this.#save((sql, params) => api.run(sql, params)));
        this.#saved = this.#applied;
        await this.#dropHalfWritten();
      },
      recover: () => this.#load(),
    });
  }

  /** Else every new start would have to read from there. */
  async #dropHalfWritten(): Promise<void> {
    for (const [batch, { open, pieces }] of this.#batches) {
      const at = pieces.at(-1)?.at;
      if (!open || at === undefined || Date.now() - at < HALF_WRITTEN) continue;
      await this.#log.append([encodeRecord({ kind: 'drop', batch, sent: true })]);
    }
  }

  /** Takes up what the store has. */
  async #load(): Promise<void> {
    const place = await readPlace(this.#store);
    const batches = await readBatches(this.#store);
    const claims = this.#batches;
    this.#batches = new Map(
      [...batches].map(([id, { open }]) => [id, { open, claim: claims.get(id)?.claim ?? null, pieces: [] }]),
    );
    this.#versions = new Map(await readIdsVersions(this.#store));
    this.#cuts = await readCuts(this.#store);
    this.#changedBatches = new Set();
    this.#applied = place?.applied ?? 0;
    this.#saved = this.#applied;
    this.#next = place?.reading ?? 0;
  }

  async #apply(offset: number, record: LedgerRecord): Promise<void> {
    const batch = 'batch' in record ? this.#batches.get(record.batch) : undefined;
    const isOpen = batch?.open === true;
    if (record.kind === 'part') {
      // Also of those that were read before: they are in memory only.
      if (isOpen)
        this.#batches.set(record.batch, {
          ...batch,
          pieces: [...batch.pieces, { ...record, offset, at: Date.now() }],
        });
    } else if (offset < this.#applied) return;
    switch (record.kind) {
      case 'rollup':
        if (offset === 0) await markRolledUp(this.#store);
        break;
      case 'open':
        this.#set(nameOf(offset), { open: true, claim: null, pieces: [] });
        break;
      case 'claim':
        if (isOpen)
          this.#set(record.batch, { ...batch, claim: { offset, at: Date.now(), hashes: record.hashes } });
        break;
      case 'part':
        break;
      case 'drop':
        if (isOpen) this.#set(record.batch, record.sent ? { ...batch, open: false, pieces: [] } : null);
        if (isOpen) this.#tell(record.batch, { kind: 'dropped' });
        break;
      case 'cut':
        await this.#cut({ before: record.before, batch: nameOf(offset), late: true }, offset);
        break;
      case 'commit': {
        const outcome = judge(record, isOpen, batch?.pieces.length ?? 0, await this.#judged(record));
        if (outcome.kind === 'in') await this.#enter(record, batch?.pieces ?? [], offset);
        else if (isOpen) this.#set(record.batch, { ...batch, open: false, pieces: [] });
        if (isOpen) this.#tell(record.batch, outcome);
      }
    }
    this.#applied = Math.max(this.#applied, offset + 1);
  }

  #tell(batch: string, outcome: Outcome): void {
    if (this.#outcomes.has(batch)) this.#outcomes.set(batch, outcome);
  }

  #set(id: string, batch: KnownBatch | null): void {
    if (batch === null) this.#batches.delete(id);
    else this.#batches.set(id, batch);
    this.#changedBatches.add(id);
  }

  /** Does what a batch brings in the store, and notes in the same transaction that it is done. */
  async #enter({ batch, ids }: CommitRecord, pieces: readonly Piece[], offset: number): Promise<void> {
    const before = this.#batches.get(batch);
    await this.#store.write(async (transaction) => {
      const leftOut = await replay(blocksOf(pieces), transaction, firstKept(this.#cuts, batch));
      for (const { source, version } of ids) this.#versions.set(source, version + 1);
      this.#set(batch, null);
      this.#applied = offset + 1;
      const run: Run = (sql, params) => transaction.run(sql, params);
      const cut = this.#cuts.find((one) => one.batch > batch);
      if (cut !== undefined && leftOut > 0) await addDropped(run, cut.batch, leftOut);
      for (const { source } of ids) await writeIdsVersion(run, source, this.idsVersion(source));
      await this.#save(run);
      // Until it is committed, questions do not see it.
      if (before !== undefined) this.#batches.set(batch, before);
    });
    this.#batches.delete(batch);
    this.#saved = this.#applied;
    this.revision = this.#store.revision;
  }

  /** Drops what is known from before, and notes in the same transaction that it is done. */
  async #cut(cut: Cut, offset: number): Promise<void> {
    await this.#store.write(async (transaction) => {
      const run: Run = (sql, params) => transaction.run(sql, params);
      await enterCut(run, cut);
      this.#applied = offset + 1;
      await this.#save(run);
    });
    this.#cuts = withCut(this.#cuts, cut);
    this.#saved = this.#applied;
    this.revision = this.#store.revision;
  }

  /** Writes down how far it is. If the transaction fails, `#load` takes up what was before. */
  async #save(run: Run): Promise<void> {
    const pending = [...this.#batches.values()].flatMap(({ pieces }) => pieces[0]?.offset ?? []);
    await writePlace(run, {
      topic: this.#log.id,
      applied: this.#applied,
      reading: Math.min(this.#applied, ...pending),
    });
    for (const id of this.#changedBatches) await writeBatch(run, id, this.#batches.get(id) ?? null);
    this.#changedBatches = new Set();
  }

  async #judged({ positions }: CommitRecord): Promise<Judged> {
    const stored = new Map<string, ReadonlyMap<string, string>>();
    for (const source of new Set(positions.map((one) => one.source)))
      stored.set(source, await this.#store.sources.positions(source));
    return {
      hasInput: (sha256) => this.#store.inputs.isIn(sha256),
      positionOf: (source, name) => stored.get(source)?.get(name) ?? null,
      idsVersion: (source) => this.idsVersion(source),
    };
  }
}

/** The name of a batch whose record is at an offset: names sort as they begin. */
export function nameOf(offset: number): string {
  return PREFIX + (offset < 0 ? '' : String(offset).padStart(DIGITS, '0'));
}

function blocksOf(pieces: readonly Piece[]): readonly Buffer[] {
  const blocks: Buffer[] = [];
  let some: Uint8Array[] = [];
  for (const { bytes, end } of pieces) {
    some.push(bytes);
    if (!end) continue;
    blocks.push(Buffer.concat(some));
    some = [];
  }
  return blocks;
}
