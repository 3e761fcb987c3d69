import { hash } from 'node:crypto';
import type { SourceRegister, StoredIds } from '../../engine/source-register.ts';
import type { Message, MessageIdentity } from '../../model/record/message.ts';
import { ID_WORDS, IdSet } from './id-set.ts';

/** Milliseconds of a slot of identities by id. */
const SLOT = 600_000;

/** The identities of messages, four words each. */
export function identitiesOf(messages: readonly Message[], identity: MessageIdentity): Uint32Array {
  const words = new Uint32Array(messages.length * ID_WORDS);
  const times = new Map<string, number>();
  for (const [index, { bytes }] of messages.entries()) {
    let digest = hash('sha256', identity.kind === 'id' ? identity.ids[index]! : bytes, 'buffer');
    if (identity.kind === 'content') {
      const text = digest.toString('latin1', 0, 16);
      const before = times.get(text) ?? 0;
      times.set(text, before + 1);
      if (before > 0) digest = hash('sha256', `${digest.toString('hex')} ${before}`, 'buffer');
    }
    for (let word = 0; word < ID_WORDS; word++)
      words[index * ID_WORDS + word] = digest.readUInt32LE(word * 4);
  }
  return words;
}

/** What a transaction adds to the identities of a source. */
export interface IdChanges {
  /** By slot; a slot has at least one. */
  readonly added: readonly StoredIds[];
  /** Slots before it are forgotten. */
  readonly dropBefore: number;
}

/**
 * The messages that a source delivered lately, so that none counts twice. Identities by content are kept in two slots
 * that take turns: once the newer has `most`, the older is forgotten. Identities by id lie in slots of ten minutes of their
 * messages' time, and are looked for there alone.
 */
export class DeliveredIds {
  readonly #most: number;
  readonly #slots = new Map<number, IdSet>();

  private constructor(most: number) {
    this.#most = most;
  }

  /** Those that the store keeps of a source. `most`: how many a slot may have. */
  static async load(register: SourceRegister, source: string, most: number): Promise<DeliveredIds> {
    const ids = new DeliveredIds(most);
    for await (const stored of register.ids(source)) ids.#add(stored);
    return ids;
  }

  /** Whether a message came before; `words` has its identity at `offset`. */
  has(message: Message, words: Uint32Array, offset: number, identity: MessageIdentity): boolean {
    if (identity.kind === 'id' && message.time !== null)
      return this.#slots.get(slotOf(message, identity))?.has(words, offset) ?? false;
    for (const set of this.#slots.values()) if (set.has(words, offset)) return true;
    return false;
  }

  /** What changes if these messages are taken in. */
  changesFor(messages: readonly Message[], words: Uint32Array, identity: MessageIdentity): IdChanges {
    if (identity.kind === 'content') {
      const newest = Math.max(0, ...this.#slots.keys());
      const size = this.#slots.get(newest)?.size ?? 0;
      const slot = size > 0 && size + messages.length > this.#most ? newest + 1 : newest;
      return { added: messages.length === 0 ? [] : [{ slot, words }], dropBefore: Math.max(0, slot - 1) };
    }
    const bySlot = new Map<number, number[]>();
    for (const [index, message] of messages.entries()) {
      const slot = slotOf(message, identity);
      const places = bySlot.get(slot) ?? [];
      for (let word = 0; word < ID_WORDS; word++) places.push(words[index * ID_WORDS + word]!);
      bySlot.set(slot, places);
    }
    return {
      added: [...bySlot].map(([slot, places]) => ({ slot, words: Uint32Array.from(places) })),
      dropBefore: Math.floor(identity.since / SLOT),
    };
  }

  /** To be called once the changes are in the store. */
  apply({ added, dropBefore }: IdChanges): void {
    for (const slot of this.#slots.keys()) if (slot < dropBefore) this.#slots.delete(slot);
    for (const ids of added) this.#add(ids);
  }

  #add({ slot, words }: StoredIds): void {
    const set = this.#slots.get(slot) ?? new IdSet();
    this.#slots.set(slot, set);
    for (let at = 0; at < words.length; at += ID_WORDS) set.add(words, at);
  }
}

/** Messages without a time are kept as long as the newest `since` that they came with says. */
function slotOf({ time }: Message, { since }: MessageIdentity & { readonly kind: 'id' }): number {
  return Math.floor((time ?? since) / SLOT);
}
