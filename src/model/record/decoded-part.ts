import type { VisitRecord } from '../visits/parse-visit.ts';
import type { RecordBatch } from './record-batch.ts';

/** A line or row that is no record, kept as it came. */
export interface QuarantinedLine {
  /** 1-based: the line of a text file, the event of an envelope, the row of a Parquet or CSV file. */
  readonly line: number;
  /** The message that it came in, where an input is more than one; then the line is counted within it. */
  readonly item?: string;
  /** One sentence that names the field and says what is wrong. */
  readonly reason: string;
  /** The line; at most 4,096 characters of it, and then the reason says how long it was. */
  readonly text: string;
}

/** A part of one decoded input. Records in it: flows + coverage + quarantined + visits. */
export interface DecodedPart {
  /** Records with log-status OK, or without that field. */
  readonly flows: RecordBatch;
  /** NODATA and SKIPDATA records, in columns like the flows'. */
  readonly coverage: RecordBatch;
  readonly nodata: number;
  readonly skipdata: number;
  readonly quarantined: readonly QuarantinedLine[];
  /** Visits to open ports, where the input is a file of a listener; absent: none. */
  readonly visits?: readonly VisitRecord[];
}
