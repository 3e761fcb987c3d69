/** What a compaction came to. Bytes on disk, of the flows and all that is stored with them. */
export interface CompactionReport {
  readonly flows: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
}
