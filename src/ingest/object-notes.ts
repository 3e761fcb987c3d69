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
    const source = this.#source;
    const [state] = await this.#store.sources.states([object]);
    if (state === 'done') return;
    await this.#store.write(async (batch) => {
      batch.sources.saveObjects([unreadableState(object)]);
      if (source === undefined) return;
      batch.sources.count(source, { records: 0, objects: 1 });
      const id = await batch.openStream(source);
      await batch.append(id, unreadable(name, reason));
      batch.closeStream(id);
    });
  }
}

/** The part of an object that can't be read as a whole. */
function unreadable(item: string, reason: string): DecodedPart {
  return {
    flows: NO_RECORDS,
    coverage: NO_RECORDS,
    nodata: 0,
    skipdata: 0,
    quarantined: [{ item, line: 0, reason, text: '' }],
  };
}
