import { describe, expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import { awsError } from './aws-errors.ts';

const context = {
  what: 's3://logs/a could not be read',
  permission: 's3:GetObject on arn:aws:s3:::logs/*',
  renewable: false,
};
const error = (name: string, status?: number, message = 'on purpose'): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe('errors of AWS', () => {
  test.each([
    ['AccessDenied', 403],
    ['Forbidden', 403],
    ['UnknownError', 403],
    ['InvalidAccessKeyId', 403],
    ['SignatureDoesNotMatch', 403],
    ['UnrecognizedClientException', 400],
    ['ExpiredToken', 400],
    ['NoSuchBucket', 404],
    ['QueueDoesNotExist', 400],
    ['ResourceNotFoundException', 400],
    ['CredentialsProviderError', undefined],
    ['RequestTimeTooSkewed', 403],
    ['InvalidBucketName', 400],
  ])('%s (%s) is permanent until something is changed', (name, status) => {
    expect(awsError(error(name, status), context)).toMatchObject({ code: 'source_refused' });
  });

  test.each([
    ['InternalError', 500],
    ['SlowDown', 503],
    ['ThrottlingException', 400],
    ['LimitExceededException', 400],
    ['RequestTimeout', 400],
    ['TooManyRequestsException', 429],
    ['OperationAborted', 409],
    ['TimeoutError', undefined],
    ['Error', undefined],
  ])('%s (%s) is temporary', (name, status) => {
    expect(awsError(error(name, status), context)).toMatchObject({ code: 'source_failed' });
  });

  test('say which permission is missing, with the message of AWS', () => {
    expect(awsError(error('AccessDenied', 403, 'User x is not authorized'), context).message).toBe(
      's3://logs/a could not be read: User x is not authorized (AccessDenied). Needed is s3:GetObject on arn:aws:s3:::logs/* (docs/sources.md has the whole policy).',
    );
    expect(awsError(error('Any', undefined, 'Region is missing'), context).message).toContain('--region');
    expect(awsError(error('Any', 500, ''), context).message).toBe('s3://logs/a could not be read: Any.');
  });

  test('expired credentials that can be renewed are retried', () => {
    expect(awsError(error('ExpiredToken', 400), { ...context, renewable: true }).code).toBe('source_failed');
  });

  test('cancellations and Peephole’s own errors are passed on unchanged', () => {
    expect(awsError(error('AbortError'), context).code).toBe('cancelled');
    const own = new PeepholeError('source_refused', 'The role could not be assumed.');
    expect(awsError(own, context)).toBe(own);
  });
});
