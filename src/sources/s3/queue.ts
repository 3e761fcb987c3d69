import type * as Sdk from '@aws-sdk/client-sqs';
import { PeepholeError } from '../../model/errors.ts';
import { awsError } from '../aws/aws-errors.ts';
import { awsClientConfig, hasRenewableCredentials } from '../aws/client-config.ts';
import type { SourceRequest } from '../source.ts';

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** What it is deleted by; a new one each time it is received. */
  readonly handle: string;
  /** How often it was received, this time included. */
  readonly received: number;
  /** When this process received it, in Unix milliseconds. */
  readonly at: number;
}

/** What SQS takes in one call. */
const MOST_MESSAGES = 10;
/** Seconds that SQS waits for a message, at most. */
const LONG_POLL = 20;
/** Seconds that SQS hides a message after it was received, at most, however often that is renewed. */
const MOST_HIDDEN = 12 * 3600;

/** A queue at SQS. */
export class Queue {
  /** The last part of its URL. */
  readonly name: string;
  readonly #url: string;
  readonly #client: Sdk.SQSClient;
  readonly #sdk: typeof Sdk;
  readonly #renewable: boolean;
  /** Seconds that a message which was received is hidden. */
  #visibility = 30;

  private constructor(sdk: typeof Sdk, client: Sdk.SQSClient, url: URL, request: SourceRequest) {
    this.#sdk = sdk;
    this.#client = client;
    this.#url = url.href;
    this.name = url.pathname.split('/').at(-1) ?? '';
    this.#renewable = hasRenewableCredentials(request);
  }

  /** Connects to nothing yet. Throws `usage` for a URL that is none. Close it. */
  static async open(address: string, request: SourceRequest): Promise<Queue> {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || url.pathname.length < 2)
      throw new PeepholeError(
        'usage',
        `--sqs ${address} is no URL of a queue: those have the form https://sqs.REGION.amazonaws.com/ACCOUNT/NAME.`,
      );
    const sdk = await import('@aws-sdk/client-sqs');
    const config = awsClientConfig(request, 'SQS');
    // Its region is in its name, and need not be the bucket's.
    const [, region] =
      /^(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:queue\.)?amazonaws\./.exec(url.hostname) ?? [];
    const client = new sdk.SQSClient({
      ...config,
      endpoint: config.endpoint ?? url.origin,
      ...(region === undefined ? {} : { region }),
    });
    return new Queue(sdk, client, url, request);
  }

  close(): void {
    this.#client.destroy();
  }

  /** Seconds that a message which was received is hidden from others, unless it is extended. */
  get visibility(): number {
    return this.#visibility;
  }

  /** Asks how many messages wait, roughly. Throws PeepholeError `source_refused`, `source_failed`, as all others here. */
  async check(): Promise<number> {
    const command = new this.#sdk.GetQueueAttributesCommand({
      QueueUrl: this.#url,
      AttributeNames: ['ApproximateNumberOfMessages', 'VisibilityTimeout'],
    });
    const { Attributes = {} } = await this.#client
      .send(command)
      .catch((error: unknown) => this.#refuse(error, 'could not be looked at', 'sqs:GetQueueAttributes'));
    this.#visibility = Math.max(1, Number(Attributes['VisibilityTimeout'] ?? 30));
    return Number(Attributes['ApproximateNumberOfMessages'] ?? 0);
  }

  /** Messages, ten at most; with `wait` it waits for one for up to 20 seconds. Throws `cancelled` once the signal is aborted. */
  async receive(wait: boolean, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const asked = Date.now();
    const command = new this.#sdk.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: MOST_MESSAGES,
      WaitTimeSeconds: wait ? LONG_POLL : 0,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const { Messages = [] } = await this.#client
      .send(command, { abortSignal: signal })
      .catch((error: unknown) => this.#refuse(error, 'could not be read', 'sqs:ReceiveMessage'));
    return Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes = {} }) => ({
      id: MessageId,
      body: Body,
      handle: ReceiptHandle,
      received: Number(Attributes['ApproximateReceiveCount'] ?? 1),
      // The earliest that it can have been: SQS counts from then.
      at: asked,
    }));
  }

  /** Deletes messages; one that could not be deleted comes again. */
  async delete(messages: readonly QueueMessage[]): Promise<void> {
    for (const some of tens(messages)) {
      const command = new this.#sdk.DeleteMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: some.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle })),
      });
      await this.#client
        .send(command)
        .catch((error: unknown) => this.#refuse(error, 'could not be cleared', 'sqs:DeleteMessage'));
    }
  }

  /** Hides messages from others for as long again; those that were received 12 hours ago come again. */
  async extend(messages: readonly QueueMessage[]): Promise<void> {
    const now = Date.now();
    const hideable = messages.flatMap((message) => {
      const seconds = secondsToHide(message, this.#visibility, now);
      return seconds === null ? [] : [{ ...message, seconds }];
    });
    for (const some of tens(hideable)) {
      const command = new this.#sdk.ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#url,
        Entries: some.map(({ handle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: handle,
          VisibilityTimeout: seconds,
        })),
      });
      await this.#client
        .send(command)
        .catch((error: unknown) => this.#refuse(error, 'could not be held', 'sqs:ChangeMessageVisibility'));
    }
  }

  #refuse(error: unknown, what: string, permission: string): never {
    throw awsError(error, {
      what: `The queue ${this.name} ${what}`,
      permission: `${permission} on the queue`,
      renewable: this.#renewable,
    });
  }
}

/**
 * For how many seconds a message may be hidden from now on: as long as the queue hides one, and not beyond 12 hours since
 * it was received, which SQS refuses. Null: no longer.
 */
export function secondsToHide(
  { at }: Pick<QueueMessage, 'at'>,
  visibility: number,
  now: number,
): number | null {
  const left = Math.floor(MOST_HIDDEN - (now - at) / 1000) - 1;
  return left < 1 ? null : Math.min(visibility, left);
}

function tens<T extends QueueMessage>(messages: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(messages.length / MOST_MESSAGES);
  return Array.from({ length: count }, (_, i) => messages.slice(i * MOST_MESSAGES, (i + 1) * MOST_MESSAGES));
}
