/** What a compaction came to. Bytes on disk, all files of the store. */
export interface CompactionReport {
  readonly flows: number;
  readonly bytes_before: number;
  readonly bytes_after: number;
}
