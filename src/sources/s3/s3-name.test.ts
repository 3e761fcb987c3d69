import { expect, test } from 'vitest';
import { parseS3Name } from './s3-name.ts';

test.each([
  ['s3://logs', 'logs', ''],
  ['s3://logs/', 'logs', ''],
  ['s3://logs/AWSLogs/', 'logs', 'AWSLogs/'],
  ['s3://logs//a b+c', 'logs', '/a b+c'],
  ['s3://my.logs-1/x/y.log.gz', 'my.logs-1', 'x/y.log.gz'],
])('%s names a bucket and a prefix', (name, bucket, prefix) => {
  expect(parseS3Name(name)).toEqual({ bucket, prefix });
});

test.each(['s3://', 's3:///AWSLogs', 's3://arn:aws:s3:::logs/x', 's3://a b/x', 's3://logs/*.gz'])(
  '%s is refused',
  (name) => {
    expect(() => parseS3Name(name)).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);
