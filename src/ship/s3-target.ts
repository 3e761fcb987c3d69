import { awsError, nameOf, statusOf } from '../sources/aws/aws-errors.ts';
import { awsClientConfig, hasRenewableCredentials } from '../sources/aws/client-config.ts';
import { objectName, parseS3Name } from '../sources/s3/s3-name.ts';
import type { SourceRequest } from '../sources/source.ts';
import type { ShipTarget } from './visit-shipper.ts';

/**
 * A destination in S3 that needs s3:PutObject only: stolen credentials allow neither reading objects nor, if the bucket's
 * policy requires `If-None-Match`, replacing them. Throws `usage`.
 *
 * @param request its name is `s3://BUCKET/PREFIX`, the prefix a folder
 */
export async function openS3Target(request: SourceRequest): Promise<ShipTarget & { close(): void }> {
  const { bucket, prefix } = parseS3Name(request.name);
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const config = { ...awsClientConfig(request, 'S3'), followRegionRedirects: true };
  const served = config.endpoint === undefined ? config : { ...config, forcePathStyle: true };
  let client = new S3Client(served);
  if ((await client.config.region().catch(() => null)) === null) {
    client.destroy();
    // Any region answers with the region of the bucket.
    client = new S3Client({ ...served, region: 'us-east-1' });
  }
  return {
    name: request.name,
    async put(name, bytes) {
      const key = `${folder}${name}`;
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: 'application/gzip',
        IfNoneMatch: '*',
      });
      try {
        await client.send(command);
      } catch (error) {
        // It exists: an earlier process was killed after sending it, before it stored that.
        if (statusOf(error) === 412 || nameOf(error) === 'PreconditionFailed') return;
        throw awsError(error, {
          what: `${objectName(bucket, key)} could not be written`,
          permission: `s3:PutObject on arn:aws:s3:::${bucket}/${folder}*, and kms:GenerateDataKey on the key if the bucket is encrypted with one of KMS`,
          renewable: hasRenewableCredentials(request),
        });
      }
    },
    close: () => client.destroy(),
  };
}
