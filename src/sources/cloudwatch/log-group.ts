import type { LogEvents } from './log-events.ts';
import type { FlowLogOfGroup } from './stream-formats.ts';

/** A log group, as AWS gives it. Each call throws as `Source.read` does, but for throttling, which it waits out. */
export interface LogGroup extends LogEvents {
  /** The region that it is in. */
  region(): Promise<string>;
  /** The account that it is in; null: nobody may know. */
  account(): Promise<string | null>;
  /** The flow logs that write to it; null: nobody may know. */
  flowLogs(): Promise<readonly FlowLogOfGroup[] | null>;
  /** The time as AWS has it, in Unix milliseconds. */
  now(): number;
  close(): void;
}
