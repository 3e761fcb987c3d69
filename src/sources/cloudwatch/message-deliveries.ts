import type { SourceSink } from '../source.ts';
import type { EventDelivery } from './group-reader.ts';
import type { LogEvent } from './log-events.ts';
import type { LogGroup } from './log-group.ts';
import { writeState } from './read-state.ts';
import type { SavedState } from './saved-state.ts';
import { StreamFormats } from './stream-formats.ts';

/** Flow logs may be made while one follows: their formats are asked for again after so many milliseconds. */
const ASK_AGAIN = 600_000;

export interface MessageDeliveryOptions {
  /** What the names of messages begin with. */
  readonly source: string;
  readonly saved: SavedState;
  /** As of `SourceOptions`. */
  readonly format: string | null;
  /** Called with the problems, whenever the flow logs were requested. */
  readonly note: (warnings: readonly string[]) => void;
}

const UNKNOWN_FORMATS =
  "The flow logs that write to this log group can't be asked for (ec2:DescribeFlowLogs is not allowed), so lines are read as AWS's default formats. If theirs are others, allow it or give --format.";

/** Hands events to a sink as messages, with the format that the lines of each have. */
export class MessageDeliveries {
  readonly #sink: SourceSink;
  readonly #group: Pick<LogGroup, 'flowLogs' | 'now'>;
  readonly #options: MessageDeliveryOptions;
  #formats: StreamFormats | null = null;
  #asked = -Infinity;

  constructor(sink: SourceSink, group: Pick<LogGroup, 'flowLogs' | 'now'>, options: MessageDeliveryOptions) {
    this.#sink = sink;
    this.#group = group;
    this.#options = options;
  }

  /** @throws PeepholeError as `SourceSink.takeMessages`; `source_refused` for lines that two formats fit */
  async take({ events, state, since, rereads }: EventDelivery): Promise<void> {
    const { saved, source } = this.#options;
    const sorted = events.toSorted((a, b) => a.time - b.time);
    const idsSince = Math.min(since, saved.othersSince ?? Infinity);
    const byFormat = await this.#byFormat(sorted);
    if (byFormat.size === 0) byFormat.set(this.#options.format, []);
    for (const [format, some] of byFormat) {
      await this.#sink.takeMessages({
        format,
        messages: some.map(({ id, stream, time, message }) => ({
          name: `${source}/${stream}/${id}`,
          bytes: Buffer.from(message),
          time,
        })),
        identity: { kind: 'id', ids: some.map(({ id }) => id), since: idsSince, rereads },
        positions: new Map([[saved.name, writeState(state)]]),
      });
    }
  }

  async #byFormat(events: readonly LogEvent[]): Promise<Map<string | null, LogEvent[]>> {
    const { format: given } = this.#options;
    const formats = given === null && events.length > 0 ? await this.#knownFormats() : null;
    const byFormat = new Map<string | null, LogEvent[]>();
    for (const event of events) {
      const format = formats === null ? given : formats.formatOf(event.stream, event.message);
      const some = byFormat.get(format);
      if (some === undefined) byFormat.set(format, [event]);
      else some.push(event);
    }
    return byFormat;
  }

  async #knownFormats(): Promise<StreamFormats> {
    const now = this.#group.now();
    if (this.#formats === null || now - this.#asked >= ASK_AGAIN) {
      const flowLogs = await this.#group.flowLogs();
      this.#formats = new StreamFormats(flowLogs ?? []);
      this.#options.note(flowLogs === null ? [UNKNOWN_FORMATS] : []);
      this.#asked = now;
    }
    return this.#formats;
  }
}
