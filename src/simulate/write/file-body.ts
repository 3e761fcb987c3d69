import type { FlowSink } from '../recorder.ts';

/** Gathers the records of one file. */
export interface FileBody extends FlowSink {
  readonly rows: number;
  /** About how many bytes are in memory. */
  readonly size: number;
  /** Takes what was gathered and starts again; the promise is for the file's bytes, compressed. */
  take(): Promise<Uint8Array>;
}
