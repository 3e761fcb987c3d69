import { decodeKey } from './decode-key.ts';

/** An object that S3 says was created, or restored from an archive. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes; null: it does not say. */
  readonly etag: string | null;
  /** Bytes; null: it does not say. */
  readonly size: number | null;
  /** When, in Unix milliseconds; null: it does not say. */
  readonly time: number | null;
}

/** What a message of a queue tells. */
export interface Notification {
  readonly objects: readonly CreatedObject[];
  /** Why some of it, or all, can't be known, as a sentence; null: all is known. */
  readonly unreadable: string | null;
}

/** Envelopes within envelopes, at most: SNS's around S3's is one. */
const MOST_ENVELOPES = 3;

/**
 * Reads the body of a message: S3's own notification, EventBridge's event, either of them in SNS's envelope, and S3's test
 * event, which tells of no objects. Events of other kinds tell of none either.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function parseNotification(body: string): Notification {
  let text = body;
  for (let depth = 0; depth <= MOST_ENVELOPES; depth++) {
    const json = parseJson(text);
    if (!isObject(json))
      return unreadable(`The message${depth === 0 ? '' : ' in the envelope of SNS'} is not a JSON object.`);
    if (json['Type'] === 'SubscriptionConfirmation') return unreadable(unconfirmed(json));
    if (Array.isArray(json['Records'])) return ofRecords(json['Records']);
    if (json['Event'] === 's3:TestEvent') return NOTHING;
    if (isObject(json['detail'])) return ofEvent(json, json['detail']);
    if (typeof json['Message'] !== 'string') break;
    text = json['Message'];
  }
  return unreadable('The message is no notification of S3, SNS or EventBridge.');
}

const NOTHING: Notification = { objects: [], unreadable: null };

/** What can't be read of a record keeps no other from being read. */
function ofRecords(records: readonly unknown[]): Notification {
  const read = records.map(ofRecord);
  return {
    objects: read.flatMap(({ objects }) => objects),
    unreadable: read.find((one) => one.unreadable !== null)?.unreadable ?? null,
  };
}

function ofRecord(record: unknown): Notification {
  if (!isObject(record)) return unreadable('A record of the notification is not an object.');
  const { eventName, eventTime, s3 } = record;
  // `s3:` stands before it in other places than here.
  if (typeof eventName !== 'string') return unreadable('A record of the notification has no eventName.');
  if (!/^(?:s3:)?Object(?:Created:|Restore:Completed$)/.test(eventName)) return NOTHING;
  const object = createdObject(s3, 'eTag', eventTime);
  if (object === null) return unreadable('A record of the notification names no bucket or key.');
  try {
    return { objects: [{ ...object, key: decodeKey(object.key) }], unreadable: null };
  } catch {
    return unreadable('The key in the notification is not encoded as S3 does it.');
  }
}

/** SNS asks so where whoever subscribed a queue does not own it: https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html */
function unconfirmed({ TopicArn }: JsonObject): string {
  const topic = typeof TopicArn === 'string' ? TopicArn : 'a topic';
  return `SNS asks to confirm that the queue gets what ${topic} sends: nothing comes from there until somebody opens the SubscribeURL of the message.`;
}

function ofEvent(event: JsonObject, detail: JsonObject): Notification {
  const type = event['detail-type'];
  if (event['source'] !== 'aws.s3' || (type !== 'Object Created' && type !== 'Object Restore Completed'))
    return NOTHING;
  const object = createdObject(detail, 'etag', event['time']);
  return object === null
    ? unreadable('The event names no bucket or key.')
    : { objects: [object], unreadable: null };
}

function createdObject(of: unknown, etagName: string, time: unknown): CreatedObject | null {
  if (!isObject(of) || !isObject(of['bucket']) || !isObject(of['object'])) return null;
  const { name } = of['bucket'];
  const { key, size, [etagName]: etag } = of['object'];
  if (typeof name !== 'string' || name === '' || typeof key !== 'string' || key === '') return null;
  const moment = typeof time === 'string' ? Date.parse(time) : NaN;
  return {
    bucket: name,
    key,
    etag: typeof etag === 'string' && etag !== '' ? etag.replaceAll('"', '') : null,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    time: Number.isNaN(moment) ? null : moment,
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(reason: string): Notification {
  return { objects: [], unreadable: reason };
}
