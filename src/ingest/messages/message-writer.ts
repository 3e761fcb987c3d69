import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseFormat } from '../../decode/field-layout.ts';
import { MessageDecoder } from '../../decode/decode-messages.ts';
import type { FlowWriter, WriteBatch } from '../../engine/flow-writer.ts';
import { type Positions, SourceMoved } from '../../engine/source-register.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Message, MessageIdentity } from '../../model/record/message.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { emptyReport } from '../../model/add-reports.ts';
import { addPart, NOTHING, rangeOf, totalOf, type RecordCounts } from '../record-counts.ts';
import { ReasonTally } from '../reason-tally.ts';
import type { IngestReport } from '../../model/ingest-report.ts';
import { DeliveredIds, identitiesOf, type IdChanges } from './delivered-ids.ts';
import { ID_WORDS, IdSet } from './id-set.ts';

/** Messages that came together, and are in together. */
export interface Delivery {
  /** What they came from. */
  readonly source: string;
  /** The fields of lines without a header (`--format`); null: AWS's default formats. */
  readonly format: string | null;
  readonly messages: readonly Message[];
  /** Up to where the source is read with them: kept in the same transaction. */
  readonly positions?: Positions;
  /** How messages that come again are known; absent: the positions say all. */
  readonly identity?: MessageIdentity;
}

/** What came of messages, as an ingest reports it. `duplicates`: records in messages that had come before. */
export type DeliveryReport = Pick<
  IngestReport,
  | 'records'
  | 'flows'
  | 'nodata'
  | 'skipdata'
  | 'quarantined'
  | 'duplicates'
  | 'untimed_flows'
  | 'range'
  | 'reasons'
>;

/** Messages that are decoded before others get a turn: some milliseconds' worth. */
const DECODED_AT_ONCE = 1000;
/** Formats whose decoders are kept for the next messages. */
const MOST_FORMATS = 16;
/** What one transaction takes. */
const MOST_TOGETHER = 200_000;
/** Bytes of messages that may wait to be written, as a share of the memory; what they are decoded to is of about that size. */
const WAITING_SHARE = 1 / 16;
/** So often is tried to take in what other processes take in too. */
const MOST_ATTEMPTS = 10;
/** Identities of latest messages in a slot, at most, and bytes of memory for each. */
const MOST_IDS = 4_000_000;
const BYTES_PER_ID = 1024;

interface Waiting {
  readonly delivery: Delivery;
  readonly decoded: readonly DecodedPart[];
  readonly bytes: number;
  readonly resolve: (report: DeliveryReport) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes messages into a store: `add` resolves once they are durable. Deliveries that wait for the store go in with one
 * transaction, with their positions and identities: after a crash all of a delivery is in, or nothing.
 */
export class MessageWriter {
  readonly #store: FlowWriter;
  readonly #decoders = new Map<string | null, MessageDecoder>();
  readonly #delivered = new Map<string, DeliveredIds>();
  readonly #mostWaiting: number;
  readonly #mostIds: number;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #writing = false;

  constructor(store: FlowWriter) {
    this.#store = store;
    const { memoryBytes } = store.budget;
    this.#mostWaiting = memoryBytes * WAITING_SHARE;
    this.#mostIds = Math.min(MOST_IDS, Math.floor(memoryBytes / BYTES_PER_ID));
  }

  /** Whether so much waits that more had better come later. */
  get full(): boolean {
    return this.#bytes >= this.#mostWaiting;
  }

  /**
   * Takes a delivery in. To send more before it resolves, check `full` first.
   *
   * @throws PeepholeError `busy` if `full`; `usage` for a format that is none; what stops the store. Nothing of the
   * delivery is in then.
   */
  async add(delivered: Delivery): Promise<DeliveryReport> {
    if (this.full)
      throw new PeepholeError('busy', 'More comes in than can be written. Send it again later.', {
        retry_after: 1,
      });
    const delivery = isReread(delivered)
      ? await this.#withoutKnown(delivered, delivered.identity)
      : delivered;
    if (delivery === null) return emptyReport();
    const bytes = delivery.messages.reduce(
      (sum, message) => sum + message.bytes.length + message.name.length,
      0,
    );
    this.#bytes += bytes;
    try {
      const decoded = await this.#decode(delivery.format, delivery.messages);
      return await new Promise<DeliveryReport>((resolve, reject) => {
        this.#waiting.push({ delivery, decoded, bytes, resolve, reject });
        if (!this.#writing) void this.#writeAll();
      });
    } finally {
      this.#bytes -= bytes;
    }
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group: Waiting[] = [];
      let messages = 0;
      do {
        const next = this.#waiting.shift()!;
        group.push(next);
        messages += next.delivery.messages.length;
      } while (messages < MOST_TOGETHER && this.#waiting.length > 0);
      await this.#settle(group);
    }
    this.#writing = false;
  }

  /** Writes deliveries together; where that fails each alone, so that none suffers from another's fault. */
  async #settle(group: readonly Waiting[], attempt = 1): Promise<void> {
    try {
      const reports = await this.#write(group);
      group.forEach(({ resolve }, index) => resolve(reports[index]!));
    } catch (error) {
      const moved = error instanceof SourceMoved;
      // What is in by now is known to the store alone.
      if (moved) for (const { delivery } of group) this.#delivered.delete(delivery.source);
      const [first] = group;
      if (group.length > 1) for (const one of group) await this.#settle([one]);
      // Whoever keeps positions has to look for itself where to go on.
      else if (moved && first!.delivery.positions === undefined && attempt < MOST_ATTEMPTS)
        await this.#settle(group, attempt + 1);
      else first!.reject(error);
    }
  }

  async #write(group: readonly Waiting[]): Promise<readonly DeliveryReport[]> {
    const changes: (readonly [DeliveredIds, IdChanges])[] = [];
    const reports = await this.#store.write(async (batch) => {
      const inGroup = new Map<string, IdSet>();
      const done: DeliveryReport[] = [];
      for (const { delivery, decoded } of group)
        done.push(await this.#writeOne(batch, delivery, decoded, inGroup, changes));
      return done;
    });
    for (const [ids, change] of changes) ids.apply(change);
    return reports;
  }

  async #writeOne(
    batch: WriteBatch,
    delivery: Delivery,
    decoded: readonly DecodedPart[],
    inGroup: Map<string, IdSet>,
    changes: (readonly [DeliveredIds, IdChanges])[],
  ): Promise<DeliveryReport> {
    const { source, format, identity, positions } = delivery;
    let parts = decoded;
    if (identity !== undefined) {
      const known = await this.#deliveredBy(source);
      const words = identitiesOf(delivery.messages, identity);
      const group = inGroup.get(source) ?? new IdSet();
      inGroup.set(source, group);
      const isNew = delivery.messages.map(
        (message, index) =>
          !known.has(message, words, index * ID_WORDS, identity) && group.add(words, index * ID_WORDS),
      );
      const kept = delivery.messages.filter((_, index) => isNew[index]);
      if (kept.length < delivery.messages.length) parts = await this.#decode(format, kept);
      const keptWords = words.filter((_, word) => isNew[Math.floor(word / ID_WORDS)]);
      const change = known.changesFor(kept, keptWords, identity);
      for (const ids of change.added) batch.sources.saveIds(source, ids);
      batch.sources.dropIds(source, change.dropBefore);
      changes.push([known, change]);
    }
    const id = await batch.openStream(source);
    await batch.prepare(parts);
    for (const part of parts) await batch.append(id, part);
    batch.closeStream(id);
    const counts = countsOf(parts);
    const reasons = new ReasonTally();
    for (const { quarantined } of parts) reasons.note(source, quarantined);
    if (positions !== undefined) batch.sources.savePositions(source, positions);
    batch.sources.count(source, { records: totalOf(counts), objects: 0 });
    const records = totalOf(countsOf(decoded));
    const { untimed, first, last, ...rest } = counts;
    return {
      records,
      ...rest,
      duplicates: records - totalOf(counts),
      untimed_flows: untimed,
      range: rangeOf({ first, last }),
      reasons: reasons.most(),
    };
  }

  /** What is new of a delivery; null if it has messages, and none is. */
  async #withoutKnown(delivery: Delivery, identity: MessageIdentity): Promise<Delivery | null> {
    if (identity.kind !== 'id') return delivery;
    const { messages, source } = delivery;
    const known = await this.#deliveredBy(source);
    const words = identitiesOf(messages, identity);
    const isNew = messages.map((message, index) => !known.has(message, words, index * ID_WORDS, identity));
    if (messages.length > 0 && !isNew.includes(true)) return null;
    return {
      ...delivery,
      messages: messages.filter((_, index) => isNew[index]),
      identity: { ...identity, ids: identity.ids.filter((_, index) => isNew[index]) },
    };
  }

  async #decode(format: string | null, messages: readonly Message[]): Promise<readonly DecodedPart[]> {
    let decoder = this.#decoders.get(format);
    if (decoder === undefined) {
      decoder = new MessageDecoder(format === null ? undefined : parseFormat(format));
      // Formats come from outside too.
      if (this.#decoders.size >= MOST_FORMATS) this.#decoders.clear();
      this.#decoders.set(format, decoder);
    }
    if (messages.length <= DECODED_AT_ONCE) return decoder.decode(messages);
    const parts: DecodedPart[] = [];
    for (let from = 0; from < messages.length; from += DECODED_AT_ONCE) {
      parts.push(...decoder.decode(messages.slice(from, from + DECODED_AT_ONCE)));
      await nextTurn();
    }
    return parts;
  }

  async #deliveredBy(source: string): Promise<DeliveredIds> {
    let ids = this.#delivered.get(source);
    if (ids === undefined) {
      ids = await DeliveredIds.load(this.#store.sources, source, this.#mostIds);
      this.#delivered.set(source, ids);
    }
    return ids;
  }
}

function isReread(delivery: Delivery): delivery is Delivery & { readonly identity: MessageIdentity } {
  return delivery.identity?.kind === 'id' && delivery.identity.rereads === true;
}

function countsOf(parts: readonly DecodedPart[]): RecordCounts {
  const counts = { ...NOTHING };
  for (const part of parts) addPart(counts, part);
  return counts;
}
