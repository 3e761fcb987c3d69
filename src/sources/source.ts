import type { Message, MessageIdentity } from '../model/record/message.ts';
import type { SourceKind } from '../model/source-kinds.ts';
import type { Input } from './input.ts';

/** How a source is to be read; plain data. A kind of source ignores what it does not need. */
export interface SourceOptions {
  /** The fields of lines without a header; null: the source's own, or AWS's default formats. */
  readonly format: string | null;
  /** Only what lies from `from` (inclusive) to `to` (exclusive) is read. Unix milliseconds; null: no bound. */
  readonly from: number | null;
  readonly to: number | null;
  /** AWS: a region, and a profile of its configuration files. */
  readonly region: string | null;
  readonly profile: string | null;
  /** AWS: a role to be assumed, and the external id that it may ask for. */
  readonly roleArn: string | null;
  readonly externalId: string | null;
  /** S3: the URL of the SQS queue that tells of new objects. */
  readonly sqs: string | null;
  /** S3: the reader pays for the requests. */
  readonly requesterPays: boolean;
  /** Kafka: HOST:PORT of some brokers, and the consumer group. */
  readonly brokers: readonly string[];
  readonly group: string | null;
}

/** No option was given. */
export const noSourceOptions: SourceOptions = {
  format: null,
  from: null,
  to: null,
  region: null,
  profile: null,
  roleArn: null,
  externalId: null,
  sqs: null,
  requesterPays: false,
  brokers: [],
  group: null,
};

/** A source, and what it is to be read with. Plain data, since another process may be the one that reads it. */
export interface SourceRequest {
  /** In one of the forms of `sourceKinds`. */
  readonly name: string;
  readonly options: SourceOptions;
  /** The variables of the environment that name credentials and endpoints (`AWS_…`, `KAFKA_…`) where it was asked for. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Something that flow logs are read from, once or continuously. */
export interface Source {
  /** Its name; positions are kept under it. */
  readonly id: string;
  readonly kind: SourceKind;
  /**
   * Reads it into a sink. Without `follow`: up to its end as it is now. With it: until the signal is aborted, what
   * comes later included. Ends as well, without an error, once the signal is aborted and what was begun is committed.
   *
   * @throws PeepholeError `source_failed` if a retry may help, `source_refused` if something must be changed first
   * (credentials, a name), `usage` for an invalid request. Errors of the sink pass through.
   */
  read(run: SourceRun): Promise<void>;
}

export interface SourceRun {
  readonly sink: SourceSink;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Reports the progress; may be called at any time. */
  readonly note: (progress: SourceProgress) => void;
}

/** How far a source is read. What is left out stays as it was. */
export interface SourceProgress {
  /** Whether it is at the end of what there is. */
  readonly live?: boolean;
  /** Seconds that what was read last is behind what there is, or that the oldest object waits; 0: nothing waits; null: nobody knows. */
  readonly lagSeconds?: number | null;
  /** Objects or messages that are known to wait; null: nobody knows. */
  readonly lagObjects?: number | null;
  /** Why there is nothing to read yet, as a sentence; null: there is something. */
  readonly nothingYet?: string | null;
  /** Current problems although it is read, as sentences; they replace the earlier ones. */
  readonly warnings?: readonly string[];
}

/** Ingests what a source gives, exactly once, whatever happens in between. */
export interface SourceSink {
  /** What `positions` of messages last said, by names that only the source understands. */
  positions(): Promise<ReadonlyMap<string, string>>;
  /**
   * Takes objects in, several at a time; resolves once they are durable. Objects with a tag that are done with are not
   * opened. One that can't be read is set aside with its name and reason; one whose `open` or stream throws
   * `source_failed` is in `failed`, to be tried again later. `source_refused` stops all and is thrown.
   */
  takeObjects(inputs: readonly Input[]): Promise<TakenObjects>;
  /** Takes messages in; resolves once they are durable, all together with their positions. */
  takeMessages(messages: MessageDelivery): Promise<void>;
}

export interface TakenObjects {
  readonly failed: readonly { readonly input: string; readonly reason: string }[];
}

/** Messages that came together. What of one can't be read is set aside under the message's name. */
export interface MessageDelivery {
  readonly messages: readonly Message[];
  /** As `SourceOptions.format`; absent: as the source was asked to. */
  readonly format?: string | null;
  /** Up to where the source is read with them. */
  readonly positions?: ReadonlyMap<string, string>;
  /** How a message that comes again is known; absent: positions say all. */
  readonly identity?: MessageIdentity;
}
