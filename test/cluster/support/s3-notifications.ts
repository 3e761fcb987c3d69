import { randomBytes } from 'node:crypto';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { AwsAccount } from './aws-account.ts';

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

/**
 * Makes a queue. `visibilityTimeout`: how long a message that was received is hidden from others, in seconds.
 */
export async function createQueue({ sqs }: AwsAccount, visibilityTimeout = 30): Promise<Queue> {
  const QueueName = `new-objects-${randomBytes(6).toString('hex')}`;
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: String(visibilityTimeout) } }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { url: QueueUrl, arn: Attributes?.['QueueArn'] ?? '' };
}

/** Has S3 tell the queue of each new object whose key begins with `prefix`. S3 puts a test event in at once. */
export async function notifyQueue(
  { s3 }: AwsAccount,
  bucket: string,
  { arn }: Queue,
  prefix?: string,
): Promise<void> {
  const filter =
    prefix === undefined
      ? {}
      : { Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: prefix }] } } };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: arn, Events: ['s3:ObjectCreated:*'], ...filter }],
      },
    }),
  );
}

/** What AWS may have put around a notification on its way to the queue. */
export type Envelope = 'sns' | 'eventbridge';

/** Puts a notification about an object into a queue as it arrives by SNS or EventBridge instead of straight from S3. */
export async function sendInEnvelope(
  account: AwsAccount,
  { url }: Queue,
  envelope: Envelope,
  object: Created,
): Promise<void> {
  const body = envelope === 'sns' ? snsMessage(account, object) : eventBridgeEvent(account, object);
  await account.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(body) }));
}

interface Created {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html around S3's own message. */
function snsMessage({ id, region }: AwsAccount, { bucket, key, etag, size }: Created): unknown {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: formEncoded(key), size, eTag: bare(etag), sequencer: '0A1B2C3D4E5F678901' },
    },
  };
  return {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: `arn:aws:sns:${region}:${id}:new-objects`,
    Subject: 'Amazon S3 Notification',
    Message: JSON.stringify({ Records: [record] }),
    Timestamp: '2018-06-20T00:00:00.000Z',
    SignatureVersion: '1',
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html: the key is as it is. */
function eventBridgeEvent({ id, region }: AwsAccount, { bucket, key, etag, size }: Created): unknown {
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: id,
    time: '2018-06-20T00:00:00Z',
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag: bare(etag), sequencer: '0A1B2C3D4E5F678901' },
      reason: 'PutObject',
    },
  };
}

function bare(etag: string): string {
  return etag.replaceAll('"', '');
}

/** As S3 writes keys into its notifications. */
function formEncoded(key: string): string {
  return new URLSearchParams([[key, '']]).toString().slice(0, -1);
}

/** Takes all messages off a queue that can be seen now, and gives their bodies, parsed. */
export async function takeMessages(
  { sqs }: AwsAccount,
  { url }: Queue,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const bodies: Record<string, unknown>[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(JSON.parse(Body) as Record<string, unknown>);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
  }
}

/** How many messages wait, and how many were received and are hidden until they are deleted or their time is up. */
export async function queueLength(
  { sqs }: AwsAccount,
  { url }: Queue,
): Promise<{ readonly waiting: number; readonly hidden: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes['ApproximateNumberOfMessages']),
    hidden: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
  };
}
