import type { LeftOut } from '../engine/flow-writer.ts';
import type { IngestProgress, IngestReport } from '../model/ingest-report.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { Discovered } from '../sources/input.ts';
import type { RemainingInputs } from './done-objects.ts';
import { otherKindIn } from '../decode/kinds/flow-evidence.ts';
import { ReasonTally } from './reason-tally.ts';
import { addCounts, addPart, NOTHING, rangeOf, totalOf, type RecordCounts } from './record-counts.ts';

/** What came of an input whose parts were written one by one. */
export interface WrittenInput {
  /** Of all its records, those included that were left out. */
  readonly counts: RecordCounts;
  readonly leftOut: LeftOut;
  /** How many of those that were left out are older than what retention kept. */
  readonly expired: number;
  readonly duplicateVisits: number;
  readonly reasons: ReasonTally;
}

/** Counts what an ingest does, for its progress and its report. */
export class IngestTally {
  readonly #onProgress: ((progress: IngestProgress) => void) | undefined;
  readonly #files: number;
  readonly #bytes: number;
  readonly #began = performance.now();
  readonly #failures: { input: string; code: string; reason: string }[] = [];
  readonly #ignored: { input: string; kind: string }[] = [];
  readonly #reasons = new ReasonTally();
  readonly #counts = { ...NOTHING };
  readonly #warnings = new Set<string>();
  #duplicates = 0;
  #expired = 0;
  #ingested = 0;
  #skipped: number;
  #filesDone = 0;
  #bytesDone = 0;

  constructor(
    { inputs, done, unreadable }: RemainingInputs,
    missing: Discovered['missing'],
    onProgress: ((progress: IngestProgress) => void) | undefined,
  ) {
    this.#onProgress = onProgress;
    this.#files = inputs.length;
    this.#bytes = inputs.reduce((sum, { size }) => sum + (size ?? 0), 0);
    this.#skipped = done;
    for (const { name, reason } of missing) this.addFailure(name, 'not_found', reason);
    // They fare as when they were tried.
    for (const { name, reason, discovered } of unreadable) {
      const kind = discovered ? otherKindIn(reason) : null;
      if (kind === null) this.addFailure(name, 'unreadable_input', reason);
      else this.addIgnored(name, kind);
    }
  }

  /** An input was ingested as one part. */
  addPart(name: string, part: DecodedPart): void {
    addPart(this.#counts, part);
    this.#reasons.note(name, part.quarantined);
    this.#ingested++;
  }

  /** An input was ingested in several parts. */
  addWritten({ counts, leftOut, expired, duplicateVisits, reasons }: WrittenInput): void {
    addCounts(this.#counts, {
      ...counts,
      flows: counts.flows - leftOut.flows,
      nodata: counts.nodata - leftOut.nodata,
      skipdata: counts.skipdata - leftOut.skipdata,
    });
    this.#duplicates += leftOut.flows + leftOut.nodata + leftOut.skipdata;
    this.#expired += expired;
    this.addDuplicateVisits(duplicateVisits);
    this.#reasons.merge(reasons);
    this.#ingested++;
  }

  /** Visits that were in already; the parts that they came in count them with the others. */
  addDuplicateVisits(visits: number): void {
    this.#counts.visits -= visits;
    this.#duplicates += visits;
  }

  /** An input has been ingested before. */
  addSkipped(): void {
    this.#skipped++;
  }

  addFailure(input: string, code: string, reason: string): void {
    this.#failures.push({ input, code, reason });
  }

  addIgnored(input: string, kind: string): void {
    this.#ignored.push({ input, kind });
  }

  /** Something is not as it should be, though nothing is missing; a sentence, which is told once. */
  warn(warning: string): void {
    this.#warnings.add(warning);
  }

  /** A file is done with. Null: it is a file in an archive, or the archive is not at its end. */
  finishFile(bytes: number | null): void {
    if (bytes === null) return;
    this.#filesDone++;
    this.#bytesDone += bytes;
    this.showProgress(0, 0);
  }

  /** Reports how far the ingest is. */
  showProgress(bytesOfCurrent: number, recordsOfCurrent: number): void {
    this.#onProgress?.({
      inputs: { done: this.#filesDone, total: this.#files },
      bytes: { done: Math.min(this.#bytes, this.#bytesDone + bytesOfCurrent), total: this.#bytes },
      records: totalOf(this.#counts) + recordsOfCurrent,
    });
  }

  report(): IngestReport {
    const { untimed, first, last, ...counts } = this.#counts;
    return {
      inputs: this.#ingested + this.#skipped + this.#failures.length,
      skipped_inputs: this.#skipped,
      failed_inputs: this.#failures.length,
      ignored: this.#ignored.map(({ input }) => input),
      other_files: this.#ignored,
      records: totalOf(counts) + this.#duplicates,
      ...counts,
      duplicates: this.#duplicates,
      ...(this.#expired > 0 && { expired: this.#expired }),
      untimed_flows: untimed,
      range: rangeOf({ first, last }),
      seconds: Math.round(performance.now() - this.#began) / 1000,
      failures: this.#failures,
      reasons: this.#reasons.most(),
      ...(this.#warnings.size > 0 && { warnings: [...this.#warnings] }),
    };
  }
}
