import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeKey } from './decode-key.ts';
import { parseNotification } from './notification.ts';

const record = (more: object = {}, object: object = {}): object => ({
  eventSource: 'aws:s3',
  eventTime: '2018-06-20T00:05:00.000Z',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'logs' }, object: { key: 'a+b%2Bc.log', size: 7, eTag: 'e1', ...object } },
  ...more,
});
const a = { bucket: 'logs', key: 'a b+c.log', etag: 'e1', size: 7, time: Date.UTC(2018, 5, 20, 0, 5) };
const created = (...objects: readonly object[]) => ({ objects, unreadable: null });
const parse = (value: unknown) => parseNotification(JSON.stringify(value));

describe('a notification', () => {
  test('from S3 lists its objects with decoded keys', () => {
    expect(parse({ Records: [record(), record({}, { eTag: undefined, size: undefined })] })).toEqual(
      created(a, { ...a, etag: null, size: null }),
    );
  });

  test('may come through SNS, or from EventBridge, which does not encode keys', () => {
    const inner = JSON.stringify({ Records: [record()] });
    expect(parse({ Type: 'Notification', Message: inner })).toEqual(created(a));
    const event = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2018-06-20T00:05:00Z',
      detail: { bucket: { name: 'logs' }, object: { key: 'a+b%2B.log', size: 7, etag: 'e1' } },
    };
    expect(parse(event)).toEqual(created({ ...a, key: 'a+b%2B.log' }));
    expect(parse({ Type: 'Notification', Message: JSON.stringify(event) })).toEqual(
      created({ ...a, key: 'a+b%2B.log' }),
    );
  });

  test('of a completed restore lists the object, of one that has only started none', () => {
    expect(parse({ Records: [record({ eventName: 'ObjectRestore:Completed' })] })).toEqual(created(a));
    expect(parse({ Records: [record({ eventName: 'ObjectRestore:Post' })] })).toEqual(created());
    const detail = { bucket: { name: 'logs' }, object: { key: 'a.log' } };
    const event = { source: 'aws.s3', 'detail-type': 'Object Restore Completed', detail };
    expect(parse(event)).toMatchObject({ objects: [{ key: 'a.log' }] });
    expect(parse({ ...event, 'detail-type': 'Object Restore Initiated' })).toEqual(created());
  });

  test('of another kind lists no objects', () => {
    expect(parse({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' })).toEqual(created());
    expect(parse({ Type: 'Notification', Message: '{"Event":"s3:TestEvent"}' })).toEqual(created());
    expect(parse({ Records: [record({ eventName: 'ObjectRemoved:Delete' }), record()] })).toEqual(created(a));
    expect(parse({ Records: [] })).toEqual(created());
    expect(parse({ source: 'aws.s3', 'detail-type': 'Object Deleted', detail: {} })).toEqual(created());
  });

  test.each([
    ['no JSON', 'hello'],
    ['another JSON', '{"a":1}'],
    ['a list', '[]'],
    ['a record that is none', '{"Records":[1]}'],
    ['a record without an event', '{"Records":[{}]}'],
    ['no key', JSON.stringify({ Records: [record({ s3: { bucket: { name: 'logs' }, object: {} } })] })],
    ['a key that is not encoded', JSON.stringify({ Records: [record({}, { key: '%E0%A4%A' })] })],
    ['an event without a key', '{"source":"aws.s3","detail-type":"Object Created","detail":{}}'],
    ['envelopes without end', deep(9)],
  ])('that is %s can’t be read', (_, body) => {
    expect(parseNotification(body)).toEqual({ objects: [], unreadable: expect.any(String) });
  });

  test.each([
    ['no record', 1],
    ['without an event', {}],
    ['without a key', record({ s3: { bucket: { name: 'logs' }, object: {} } })],
    ['with a key that is not encoded', record({}, { key: '%E0%A4%A' })],
  ])('with a record that is %s has its other records', (_, bad) => {
    expect(parse({ Records: [record(), bad, record({}, { key: 'b' })] })).toEqual({
      objects: [a, { ...a, key: 'b' }],
      unreadable: expect.any(String),
    });
  });

  test('about an SNS subscription itself is not a notification of objects', () => {
    const asked = { Type: 'SubscriptionConfirmation', TopicArn: 'arn:t', Message: 'You have chosen …' };
    expect(parse(asked).unreadable).toContain('what arn:t sends: nothing comes from there until');
    const ended = { ...asked, Type: 'UnsubscribeConfirmation' };
    expect(parse(ended).unreadable).toBe('The message in the envelope of SNS is not a JSON object.');
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(parseNotification(body)).toMatchObject({ objects: expect.any(Array) });
      }),
    );
  });
});

test('decodes keys as form data', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      const encoded = new URLSearchParams([[key, '']]).toString().slice(0, -1);
      expect(decodeKey(encoded)).toBe(key);
    }),
  );
});

function deep(levels: number): string {
  return levels === 0
    ? JSON.stringify({ Records: [record()] })
    : JSON.stringify({ Message: deep(levels - 1) });
}
