/** What an ingest did. records = flows + nodata + skipdata + quarantined + duplicates + visits. */
export interface IngestReport {
  /** All inputs that were named or found, the skipped and the failed among them. A file in an archive is one, the archive none. */
  readonly inputs: number;
  /** In already, under this name or another. */
  readonly skipped_inputs: number;
  readonly failed_inputs: number;
  /** Files of a folder or an archive that hold no flow logs at all (an inventory, say). */
  readonly ignored: readonly string[];
  /** The same, with what each of them is. */
  readonly other_files: readonly { readonly input: string; readonly kind: string }[];
  /** Lines or rows that are not headers and not blank, of the inputs that went in. */
  readonly records: number;
  readonly flows: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly quarantined: number;
  /** Visits to open ports, in files of a listener (docs/door.md). */
  readonly visits: number;
  /** Records of an input left out since they are in already: visits, known by their id; other inputs are known as wholes. */
  readonly duplicates: number;
  /** Of the duplicates, those older than what retention has kept, of objects that changed since. Absent: none. */
  readonly expired?: number;
  /** Of the flows, those without any time: no question about a time finds them. */
  readonly untimed_flows: number;
  /**
   * The time of the flows of the inputs that went in, ISO 8601 UTC: from the first start to, exclusive, one second after
   * the last; null: none has a time.
   */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly seconds: number;
  readonly failures: readonly { readonly input: string; readonly code: string; readonly reason: string }[];
  /** Why most lines are in quarantine: the most frequent reasons, most frequent first. */
  readonly reasons: readonly QuarantineReason[];
  /** What was not as it should be, though nothing is missing: sentences, each once. Absent: nothing. */
  readonly warnings?: readonly string[];
}

/** One reason for which lines are in quarantine. */
export interface QuarantineReason {
  /** As it was given for the example; others may quote another value. */
  readonly reason: string;
  /** How many lines. */
  readonly records: number;
  /** The first of them: where it stands, and its beginning. */
  readonly input: string;
  readonly line: number;
  readonly text: string;
}

/** How far an ingest is. Bytes are those of the inputs as they lie on disk. A total of 0: nobody knows how much there is. */
export interface IngestProgress {
  readonly inputs: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly records: number;
}
