/** What an ingest did. records = flows + nodata + skipdata + quarantined + duplicates. */
export interface IngestReport {
  /** All inputs that were named or found, the skipped and the failed among them. */
  readonly inputs: number;
  /** In already, under this name or another. */
  readonly skipped_inputs: number;
  readonly failed_inputs: number;
  /** Files of a folder that hold no flow logs at all (an inventory, say). */
  readonly passed_over: readonly string[];
  /** Lines or rows that are not headers and not blank, of the inputs that went in. */
  readonly records: number;
  readonly flows: number;
  readonly nodata: number;
  readonly skipdata: number;
  readonly quarantined: number;
  /** Records of an input left out since they are in already: none, as inputs are known as wholes. */
  readonly duplicates: number;
  readonly seconds: number;
  readonly failures: readonly { readonly input: string; readonly code: string; readonly reason: string }[];
}

/** How far an ingest is. Bytes are those of the inputs as they lie on disk. */
export interface IngestProgress {
  readonly inputs: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly records: number;
}
