import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart, QuarantinedLine } from '../model/record/decoded-part.ts';
import { NO_RECORDS } from '../model/record/record-batch.ts';
import type { FlowStore } from './flow-store.ts';
import type { WriteBatch } from './flow-writer.ts';
import { readHourSums } from './read-hour-sums.ts';
import { type HourSums, NO_SUMS } from './sums-of-hour.ts';
import type { HourFlows, StoreContents, StoredInput } from './store-contents.ts';

/** What goes over in one batch, at most: inputs, objects, visits; flows, unless a single hour has more. */
const INPUTS = 2_000;
const OBJECTS = 50_000;
const VISITS = 5_000;
const FLOWS = 1_000_000;

/** How a copy is named among the sources of its target, and the position there that says whether it is `begun` or `done`. */
export const copyMark = { prefix: 'copy:', name: 'state', begun: 'begun', done: 'done' } as const;

export interface CopyOptions {
  /** Receives progress: flows sent so far, flows in total, and those of the sent that an interrupted copy does not send again. */
  readonly progress?: (done: number, total: number, kept: number) => void;
  /** Flows in one batch, roughly. */
  readonly flowsAtOnce?: number;
}

/** What a copy came to: what the target has of the store now, however often the copy was begun. */
export interface CopyReport {
  readonly inputs: number;
  readonly flows: number;
  readonly visits: number;
  readonly findings: number;
  readonly inventory_items: number;
  readonly hours: number;
  /** Flows that went over this time. */
  readonly sent: number;
  /** Flows of which the store has only sums by the hour; they don't go over. */
  readonly only_sums: number;
}

/**
 * Sends all that a store in files holds to another store. Each part goes over in one batch together with a note of how far
 * the copy is (positions of a source named after the content), so that a copy that was interrupted goes on there, and each
 * part goes over once. What must keep the same inputs and messages from coming in again goes first: the ledger and the
 * sources. Then counts and sums by the hour are compared. Nothing may be written to `from` meanwhile.
 *
 * Throws `impossible_query` where the target has some of it from elsewhere, `engine_failed` where the comparison fails.
 */
export async function copyContents(
  from: FlowStore,
  to: FlowStore,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const { contents } = from;
  if (contents === undefined)
    throw new PeepholeError('not_supported', 'Only a store in files can be copied.');
  const copy = new Copy(from, contents, to, copyMark.prefix + (await contents.fingerprint()), options);
  return copy.run();
}

class Copy {
  readonly #from: FlowStore;
  readonly #contents: StoreContents;
  readonly #to: FlowStore;
  /** The name under which the target keeps how far the copy is. */
  readonly #name: string;
  readonly #options: CopyOptions;
  #positions: ReadonlyMap<string, string> = new Map();

  constructor(from: FlowStore, contents: StoreContents, to: FlowStore, name: string, options: CopyOptions) {
    this.#from = from;
    this.#contents = contents;
    this.#to = to;
    this.#name = name;
    this.#options = options;
  }

  async run(): Promise<CopyReport> {
    await this.#checkLedger();
    this.#positions = await this.#to.sources.positions(this.#name);
    if (!this.#positions.has('before')) await this.#begin();
    await this.#copyInputs();
    await this.#copySources();
    await this.#copyObjects();
    const visits = await this.#copyVisits();
    const items = await this.#copyInventory();
    const findings = await this.#copyFindings();
    const { flows, sent } = await this.#copyFlows();
    const hours = await this.#compare();
    if (this.#positions.get(copyMark.name) !== copyMark.done)
      await this.#write(async () => ({ [copyMark.name]: copyMark.done }));
    const status = await this.#from.status();
    return {
      inputs: status.inputs,
      flows,
      visits,
      findings,
      inventory_items: items,
      hours,
      sent,
      only_sums: status.flows - status.raw_flows,
    };
  }

  async #checkLedger(): Promise<void> {
    if (this.#to.countsByLedger !== true) return;
    let counted = 0;
    for await (const page of this.#inputPages(0)) for (const { counts } of page) counted += counts.flows;
    const { raw_flows: flows } = await this.#from.status();
    if (counted !== flows)
      throw new PeepholeError(
        'not_supported',
        `The store has ${flows} flows, and its ledger tells of ${counted}: retain has dropped the others. Such a store can't be copied to Druid, where the ledger says how many flows an answer must find. Take the logs in again with --engine druid.`,
      );
  }

  /** Makes sure that nothing would be there twice, and keeps what the target has already. */
  async #begin(): Promise<void> {
    const there: StoredInput[] = [];
    for await (const page of this.#inputPages(0))
      for (const input of page) {
        if (input.stream !== null) continue;
        if (this.#to.inputs.claim(input.entry.sha256)) this.#to.inputs.release(input.entry.sha256);
        else there.push(input);
      }
    if (there.length > 0)
      throw new PeepholeError(
        'impossible_query',
        `The target has ${there.length} of the store’s inputs already, such as ${there[0]?.entry.name}: they would count twice. Copy to an empty database. If this store was being copied there, it has changed since: drop that database, and begin again.`,
      );
    for (const source of await this.#contents.sourceNames())
      if ((await this.#to.sources.positions(source)).size > 0)
        throw new PeepholeError(
          'impossible_query',
          `The target has read from ${source} already, as the store has: what both read would count twice. Copy to an empty database.`,
        );
    const before = Object.fromEntries(await readHourSums(this.#to));
    await this.#write(async () => ({ before: JSON.stringify(before), [copyMark.name]: copyMark.begun }));
  }

  async #copyInputs(): Promise<void> {
    for await (const page of this.#inputPages(Number(this.#positions.get('inputs') ?? 0))) {
      const [first, last] = [page[0]!.id, page.at(-1)!.id];
      await this.#write(async (batch) => {
        const ids = new Map<number, number>();
        for (const { id, stream } of page)
          ids.set(id, stream === null ? batch.open() : await batch.openStream(stream));
        const idOf = (input: number): number => {
          const id = ids.get(input);
          if (id === undefined) throw new Error(`Rows of the input ${input}, which is not in the ledger.`);
          return id;
        };
        for await (const { input, records, nodata, skipdata } of this.#contents.coverage(first, last))
          await append(batch, idOf(input), { coverage: records, nodata, skipdata });
        for await (const { input, lines } of this.#contents.quarantined(first, last))
          await append(batch, idOf(input), { quarantined: lines });
        for (const { id, entry, counts, stream } of page)
          if (stream === null) batch.close(idOf(id), entry, counts);
          else batch.closeStream(idOf(id), counts);
        return { inputs: String(last) };
      });
    }
  }

  async *#inputPages(after: number): AsyncGenerator<readonly StoredInput[]> {
    for (let last = after; ;) {
      const page = await this.#contents.inputs(last, INPUTS);
      const end = page.at(-1);
      if (end === undefined) return;
      yield page;
      last = end.id;
    }
  }

  async #copySources(): Promise<void> {
    const names = await this.#contents.sourceNames();
    const totals = new Map((await this.#from.sources.totals()).map((total) => [total.source, total]));
    const done = this.#positions.get('sources') ?? '';
    for (const source of names.filter((name) => name > done)) {
      const positions = await this.#from.sources.positions(source);
      await this.#write(async (batch) => {
        batch.sources.savePositions(source, positions);
        const total = totals.get(source);
        if (total !== undefined) batch.sources.count(source, total);
        for await (const ids of this.#from.sources.ids(source)) batch.sources.saveIds(source, ids);
        return { sources: source };
      });
    }
  }

  async #copyObjects(): Promise<void> {
    for (let done = Number(this.#positions.get('objects') ?? 0); ;) {
      const objects = await this.#contents.objects(done, OBJECTS);
      if (objects.length === 0) return;
      done += objects.length;
      await this.#write(async (batch) => {
        batch.sources.saveObjects(objects);
        return { objects: String(done) };
      });
    }
  }

  async #copyVisits(): Promise<number> {
    for (let done = Number(this.#positions.get('visits') ?? 0); ;) {
      const visits = await this.#contents.visits(done, VISITS);
      if (visits.length === 0) return done;
      done += visits.length;
      await this.#write(async (batch) => {
        await append(batch, batch.open(), { visits });
        return { visits: String(done) };
      });
    }
  }

  /** What it says again changes nothing, so it needs no note. */
  async #copyInventory(): Promise<number> {
    const { items, ranges } = await this.#from.inventory();
    const said = new Map<number, typeof items>();
    for (const item of items)
      for (const at of new Set([item.first, item.last])) said.set(at, [...(said.get(at) ?? []), item]);
    for (const at of [...said.keys()].toSorted((a, b) => a - b))
      await this.#to.addInventory({ at, items: said.get(at) ?? [], ranges: null });
    if (ranges.length > 0 && (await this.#to.inventory()).ranges.length === 0)
      await this.#to.addInventory({ at: Math.floor(Date.now() / 1000), items: [], ranges });
    return items.length;
  }

  /** Those that the target knows stay as they are there. */
  async #copyFindings(): Promise<number> {
    const records = await this.#from.findings.all();
    if (records.length > 0)
      await this.#to.findings.change((known) => {
        const ids = new Set(known.map(({ id }) => id));
        return { changed: records.filter(({ id }) => !ids.has(id)), forgotten: [] };
      });
    return records.length;
  }

  /** By whole hours: whatever order the flows lie in, a batch has the same ones each time. */
  async #copyFlows(): Promise<{ readonly flows: number; readonly sent: number }> {
    const hours = await this.#contents.hours();
    const total = hours.reduce((sum, { flows }) => sum + flows, 0);
    const position = this.#positions.get('flows');
    const rest = hours.filter(({ hour }) => position === undefined || (hour ?? -1) > Number(position));
    const sent = rest.reduce((sum, { flows }) => sum + flows, 0);
    let done = total - sent;
    let kept = done;
    this.#options.progress?.(done, total, kept);
    for (const group of groupHours(rest, this.#options.flowsAtOnce ?? FLOWS)) {
      const [first, last] = [group[0]?.hour ?? null, group.at(-1)?.hour ?? null];
      await this.#write(async (batch) => {
        const input = batch.open();
        for await (const flows of this.#contents.flows(
          first === null || last === null ? null : { first, last },
        )) {
          await append(batch, input, { flows });
          done += flows.rows;
          this.#options.progress?.(done, total, kept);
        }
        return { flows: String(last ?? -1) };
      });
      kept = done;
      this.#options.progress?.(done, total, kept);
    }
    return { flows: total, sent };
  }

  /** Compares counts and sums by the hour, and returns how many hours there are. */
  async #compare(): Promise<number> {
    const [expected, found] = [await readHourSums(this.#from), await readHourSums(this.#to)];
    const positions = await this.#to.sources.positions(this.#name);
    const before = new Map(
      Object.entries(JSON.parse(positions.get('before') ?? '{}') as Readonly<Record<string, HourSums>>),
    );
    for (const [hour, sums] of expected) {
      const now = found.get(hour) ?? NO_SUMS;
      const old = before.get(hour) ?? NO_SUMS;
      for (const name of Object.keys(NO_SUMS) as readonly (keyof HourSums)[]) {
        const added = BigInt(now[name]) - BigInt(old[name]);
        if (added === BigInt(sums[name])) continue;
        const when = hour === 'null' ? 'without a start' : new Date(Number(hour) * 3_600_000).toISOString();
        throw new PeepholeError(
          'engine_failed',
          `The copy is not what the store holds: of the hour ${when} the store has ${name} ${sums[name]}, and ${String(added)} came to the target. ${added > BigInt(sums[name]) ? 'Is something else writing to the target?' : 'Drop the database, and begin again.'}`,
        );
      }
    }
    return expected.size;
  }

  /** Sends one batch, with the note of how far the copy is after it. */
  async #write(work: (batch: WriteBatch) => Promise<Readonly<Record<string, string>>>): Promise<void> {
    await this.#to.write(async (batch) => {
      const position = await work(batch);
      batch.sources.savePositions(this.#name, new Map(Object.entries(position)));
    });
  }
}

/** Hours one after another, as many as have about so many flows; the flows without an hour are by themselves. */
function groupHours(hours: readonly HourFlows[], most: number): readonly (readonly HourFlows[])[] {
  const groups: HourFlows[][] = [];
  let size = 0;
  for (const one of hours) {
    const group = groups.at(-1);
    if (group !== undefined && group[0]?.hour !== null && size + one.flows <= most) {
      group.push(one);
      size += one.flows;
    } else {
      groups.push([one]);
      size = one.flows;
    }
  }
  return groups;
}

const NO_LINES: readonly QuarantinedLine[] = [];

async function append(batch: WriteBatch, input: number, part: Partial<DecodedPart>): Promise<void> {
  const whole = {
    flows: NO_RECORDS,
    coverage: NO_RECORDS,
    nodata: 0,
    skipdata: 0,
    quarantined: NO_LINES,
    ...part,
  };
  await batch.prepare([whole]);
  await batch.append(input, whole);
}
