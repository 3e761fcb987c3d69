import { PeepholeError } from '../../model/errors.ts';

/** Where objects are: all whose keys begin with the prefix, as S3 itself understands one. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, and names of earlier years. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;

/**
 * Reads `s3://BUCKET/PREFIX`; the prefix may be a whole key, or missing.
 *
 * @throws PeepholeError `usage` for what is no such name
 */
export function parseS3Name(name: string): S3Place {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(name) ?? [];
  if (bucket === '')
    throw new PeepholeError('usage', `${name} names no bucket: it has the form s3://BUCKET/PREFIX.`);
  if (bucket.startsWith('arn:') || prefix.startsWith('arn:'))
    throw new PeepholeError('usage', `${name}: a bucket is named by its name here, not by its ARN.`);
  if (!BUCKET.test(bucket))
    throw new PeepholeError('usage', `${name}: “${bucket}” is not the name of a bucket.`);
  if (/[*?]/.test(prefix))
    throw new PeepholeError(
      'usage',
      `${name} is not a pattern: all keys that begin with the prefix are read. Leave out * and ?.`,
    );
  return { bucket, prefix };
}

/** What people call an object. */
export function objectName(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
