import type { FlowWriter } from '../engine/flow-writer.ts';
import { unreadableState } from '../engine/object-states.ts';
import type { SourceObject } from '../engine/source-register.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import { NO_RECORDS } from '../model/record/record-batch.ts';
import type { Input } from '../sources/input.ts';
import { objectOf } from './done-objects.ts';

/** So many objects are noted in one transaction. */
const MOST_UNSAVED = 1000;

/**
 * Notes in the store which objects of a source are done with although they brought no records: those that were ingested
 * under another name, those without flow logs, and those that can't be read.
 */
export class ObjectNotes {
  readonly #store: FlowWriter;
  readonly #source: string | undefined;
  #unsaved: SourceObject[] = [];

  /** @param source what the objects are counted under; undefined: they are not counted */
  constructor(store: FlowWriter, source: string | undefined) {
    this.#store = store;
    this.#source = source;
  }

  /** Notes that the object which the input is, if any, is done with; in the store after `save` at the latest. */
  async noteDone(input: Input): Promise<void> {
    const object = objectOf(input);
    if (object === null) return;
    this.#unsaved.push(object);
    if (this.#unsaved.length >= MOST_UNSAVED) await this.save();
  }

  async save(): Promise<void> {
    const objects = this.#unsaved;
    this.#unsaved = [];
    if (objects.length === 0) return;
    await this.#store.write(async ({ sources }) => {
      sources.saveObjects(objects);
      if (this.#source !== undefined) sources.count(this.#source, { records: 0, objects: objects.length });
    });
  }

  /** Keeps in the quarantine why an object can't be read in this state, so that it is not fetched again and again. */
  async setAside(name: string, object: SourceObject, reason: string): Promise<void> {
    const [state] = await this.#store.sources.states([object]);
    if (state !== 'new' && state !== 'changed') return;
    await this.#keep([unreadableState(object)], [{ input: name, reason }], 0);
  }

  /** Notes that an archive is done with, though files in it can't be read, and keeps in the quarantine why. */
  async noteDoneInPart(
    archive: Input,
    failures: readonly { readonly input: string; readonly reason: string }[],
  ): Promise<void> {
    const object = objectOf(archive);
    if (object !== null) await this.#keep([object, unreadableState(object)], failures, 1);
  }

  /** @param objects how many of them are in */
  async #keep(
    states: readonly SourceObject[],
    failures: readonly { readonly input: string; readonly reason: string }[],
    objects: number,
  ): Promise<void> {
    const source = this.#source;
    await this.#store.write(async (batch) => {
      batch.sources.saveObjects(states);
      if (source === undefined) return;
      batch.sources.count(source, { records: 0, objects });
      const id = await batch.openStream(source);
      await batch.append(id, unreadable(failures));
      batch.closeStream(id);
    });
  }
}

/** The part of objects that can't be read as wholes. */
function unreadable(failures: readonly { readonly input: string; readonly reason: string }[]): DecodedPart {
  return {
    flows: NO_RECORDS,
    coverage: NO_RECORDS,
    nodata: 0,
    skipdata: 0,
    quarantined: failures.map(({ input, reason }) => ({ item: input, line: 0, reason, text: '' })),
  };
}
