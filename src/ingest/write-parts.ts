import type { FlowWriter, LeftOut } from '../engine/flow-writer.ts';
import { InputsTaken } from '../engine/input-register.ts';
import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { DecodedInput } from './decode-pool.ts';
import type { IngestTarget } from './ingest-target.ts';
import type { WrittenInput } from './ingest-tally.ts';
import { ReasonTally } from './reason-tally.ts';
import { partSince, retentionCut } from './retention-cut.ts';
import { addCounts, addPart, NOTHING, totalOf } from './record-counts.ts';

/** The parts of an input while it is decoded. */
export interface IncomingParts {
  /** Those that are there already. */
  readonly head: readonly DecodedPart[];
  readonly rest: AsyncGenerator<DecodedPart, DecodedInput | null>;
  /** Whether this content is to be ingested now: it is not in yet, and not being ingested. */
  readonly claim: (sha256: string) => boolean;
}

export interface WritePartsOptions {
  /** What the input is counted under; undefined: nothing. */
  readonly source: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called after each part with the flows of this input so far. */
  readonly onFlows: (flows: number) => void;
}

/** Thrown within a transaction to undo it: the input has been ingested before. */
class DuplicateInput extends Error {}

/**
 * Writes the parts of an input while it is decoded, in a transaction of its own. Of a later state of one that is in, what retention
 * has deleted since does not come back. Null: its content turned out to be in
 * already after rows were staged; they were taken back. Aborting takes them back too, and throws.
 */
export async function writeParts(
  store: FlowWriter,
  target: IngestTarget,
  { head, rest, claim }: IncomingParts,
  { source, signal, onFlows }: WritePartsOptions,
): Promise<WrittenInput | null> {
  try {
    const counts = { ...NOTHING };
    const reasons = new ReasonTally();
    let duplicateVisits = 0;
    let leftOut: LeftOut = { flows: 0, nodata: 0, skipdata: 0 };
    const expired = { flows: 0, nodata: 0, skipdata: 0 };
    await store.write(async (transaction) => {
      const cut = target.laterThan === null ? null : await retentionCut(store);
      const id = transaction.open(target.laterThan ?? undefined);
      const take = async (all: DecodedPart): Promise<void> => {
        const part = cut === null ? all : partSince(all, cut);
        expired.flows += all.flows.rows - part.flows.rows;
        expired.nodata += all.nodata - part.nodata;
        expired.skipdata += all.skipdata - part.skipdata;
        duplicateVisits += (await transaction.append(id, part)).duplicates;
        addPart(counts, part);
        reasons.note(target.name, part.quarantined);
        onFlows(counts.flows);
        if (signal?.aborted === true) throw new PeepholeError('cancelled', 'The ingest was cancelled.');
      };
      for (const part of head) await take(part);
      let next = await rest.next();
      while (next.done !== true) {
        await take(next.value);
        next = await rest.next();
      }
      const decoded = next.value;
      if (decoded === null || !claim(decoded.sha256)) throw new DuplicateInput();
      addCounts(counts, { ...NOTHING, ...expired });
      if (target.laterThan !== null) leftOut = sumOf(await transaction.leftOut(), expired);
      transaction.close(id, { name: target.name, ...decoded });
      if (target.object !== null) transaction.sources.saveObjects([target.object]);
      if (source !== undefined) {
        // A later state is of one that was counted.
        const objects = target.object === null || target.laterThan !== null ? 0 : 1;
        const records = totalOf(counts) - totalOf({ quarantined: 0, visits: duplicateVisits, ...leftOut });
        transaction.sources.count(source, { records, objects });
      }
    });
    const { flows, nodata, skipdata } = expired;
    return { counts, leftOut, expired: flows + nodata + skipdata, duplicateVisits, reasons };
  } catch (error) {
    if (
      error instanceof InputsTaken ||
      error instanceof DuplicateInput ||
      (error as Error).cause instanceof DuplicateInput
    )
      return null;
    throw error;
  } finally {
    await rest.return(null);
  }
}

function sumOf(a: LeftOut, b: LeftOut): LeftOut {
  return { flows: a.flows + b.flows, nodata: a.nodata + b.nodata, skipdata: a.skipdata + b.skipdata };
}
