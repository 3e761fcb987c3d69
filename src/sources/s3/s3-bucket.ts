import type * as Sdk from '@aws-sdk/client-s3';
import { PeepholeError } from '../../model/errors.ts';
import { awsError, isRefusalOfOne, nameOf, statusOf, type AwsRequestContext } from '../aws/aws-errors.ts';
import { awsClientConfig, hasRenewableCredentials } from '../aws/client-config.ts';
import type { SourceRequest } from '../source.ts';
import { archivedObject } from './archived-object.ts';
import { decodeKey } from './decode-key.ts';
import { deniedObject } from './denials.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** An object as S3 lists it. */
export interface S3Object {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unix milliseconds; null: S3 did not say. */
  readonly lastModified: number | null;
  /** In an archive, of which it must be restored before it can be read. */
  readonly archived: boolean;
}

export interface ListRequest {
  readonly prefix: string;
  /** Only keys that S3 sorts after this one. */
  readonly after?: string | null;
  /** Keys with a `/` after the prefix are given as folders. */
  readonly byFolder?: boolean;
  /** Keys in a page, at most. */
  readonly most?: number;
}

export interface ListedPage {
  readonly objects: readonly S3Object[];
  /** Beginnings of keys, with a `/` at their ends. */
  readonly folders: readonly string[];
}

/** What the source reads a bucket with; nothing in it writes. */
export interface Bucket {
  /** Pages of a listing, in the order of keys (UTF-8). Throws PeepholeError `source_failed`, `source_refused`. */
  list(request: ListRequest, signal: AbortSignal): AsyncGenerator<ListedPage>;
  /**
   * An object as it is now; null: there is none. Throws as `list`, and `source_failed` with `details.denied` if S3 refuses
   * it, and maybe no other.
   */
  head(key: string): Promise<S3Object | null>;
  /**
   * The bytes of an object from one on, as long as it is the one with that ETag.
   *
   * @throws PeepholeError `source_failed` with `details.changed` if it is another by now, or gone; `unreadable_input` if it
   * is in an archive; as `list` and `head`. The stream itself throws what it likes when the connection ends.
   */
  get(key: string, etag: string, from: number): Promise<ObjectBody>;
}

export interface ObjectBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Of the whole object. */
  readonly size: number;
}

const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** A bucket of S3, or of a server with its protocol. */
export class S3Bucket implements Bucket {
  readonly #client: Sdk.S3Client;
  readonly #sdk: typeof Sdk;
  readonly #place: S3Place;
  readonly #renewable: boolean;
  readonly #payer: { readonly RequestPayer?: 'requester' };

  private constructor(sdk: typeof Sdk, client: Sdk.S3Client, place: S3Place, request: SourceRequest) {
    this.#sdk = sdk;
    this.#client = client;
    this.#place = place;
    this.#renewable = hasRenewableCredentials(request);
    this.#payer = request.options.requesterPays ? { RequestPayer: 'requester' } : {};
  }

  /** Connects to nothing yet. Close it. */
  static async open(place: S3Place, request: SourceRequest): Promise<S3Bucket> {
    const sdk = await import('@aws-sdk/client-s3');
    const config = {
      ...awsClientConfig(request, 'S3'),
      followRegionRedirects: true,
      // A checksum of a whole object says nothing of a part of it; lengths are compared here, and gzip has its own.
      responseChecksumValidation: 'WHEN_REQUIRED',
    } as const;
    const served = config.endpoint === undefined ? config : { ...config, forcePathStyle: true };
    let client = new sdk.S3Client(served);
    const region = await client.config.region().catch(() => null);
    if (region === null) {
      client.destroy();
      // Any region answers where the bucket is.
      client = new sdk.S3Client({ ...served, region: 'us-east-1' });
    }
    return new S3Bucket(sdk, client, place, request);
  }

  close(): void {
    this.#client.destroy();
  }

  async *list(
    { prefix, after = null, byFolder = false, most }: ListRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ListedPage> {
    let token: string | undefined;
    do {
      const command = new this.#sdk.ListObjectsV2Command({
        Bucket: this.#place.bucket,
        Prefix: prefix,
        EncodingType: 'url',
        OptionalObjectAttributes: ['RestoreStatus'],
        ...this.#payer,
        ...(after === null ? {} : { StartAfter: after }),
        ...(most === undefined ? {} : { MaxKeys: most }),
        ...(byFolder ? { Delimiter: '/' } : {}),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await this.#client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        throw awsError(error, this.#listing());
      });
      yield {
        objects: (page.Contents ?? []).map((object) => ({
          key: decodeKey(object.Key ?? ''),
          size: object.Size ?? 0,
          etag: bare(object.ETag),
          lastModified: object.LastModified?.getTime() ?? null,
          archived:
            ARCHIVES.has(object.StorageClass ?? '') && object.RestoreStatus?.RestoreExpiryDate === undefined,
        })),
        folders: (page.CommonPrefixes ?? []).map((folder) => decodeKey(folder.Prefix ?? '')),
      };
      token = page.NextContinuationToken;
    } while (token !== undefined && token !== '');
  }

  async head(key: string): Promise<S3Object | null> {
    const { bucket } = this.#place;
    try {
      const command = new this.#sdk.HeadObjectCommand({ Bucket: bucket, Key: key, ...this.#payer });
      const object = await this.#client.send(command);
      return {
        key,
        size: object.ContentLength ?? 0,
        etag: bare(object.ETag),
        lastModified: object.LastModified?.getTime() ?? null,
        archived:
          // Intelligent tiering has archives of its own, and no copy of what is restored from them.
          object.ArchiveStatus !== undefined ||
          (ARCHIVES.has(object.StorageClass ?? '') &&
            !(object.Restore ?? '').includes('ongoing-request="false"')),
      };
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return null;
      throw this.#readingError(error, key);
    }
  }

  async get(key: string, etag: string, from: number): Promise<ObjectBody> {
    const name = objectName(this.#place.bucket, key);
    try {
      const command = new this.#sdk.GetObjectCommand({
        Bucket: this.#place.bucket,
        Key: key,
        IfMatch: `"${etag}"`,
        ...this.#payer,
        ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
      });
      const { Body, ContentLength = 0 } = await this.#client.send(command);
      if (Body === undefined) throw new Error('The answer has no body.');
      return { bytes: Body as AsyncIterable<Uint8Array>, size: from + ContentLength };
    } catch (error) {
      if (statusOf(error) === 412) throw changed(`${name} was overwritten before it could be read.`);
      if (nameOf(error) === 'NoSuchKey')
        throw changed(`${name} is gone: it was deleted before it could be read.`);
      if (nameOf(error) === 'InvalidObjectState') throw archivedObject(name, etag);
      throw this.#readingError(error, key);
    }
  }

  #readingError(error: unknown, key: string): PeepholeError {
    const made = awsError(error, this.#reading(key));
    return made.code === 'source_refused' && isRefusalOfOne(error) ? deniedObject(made.message, error) : made;
  }

  #listing(): AwsRequestContext {
    const { bucket, prefix } = this.#place;
    return {
      what: `s3://${bucket}/${prefix} could not be listed`,
      permission: `s3:ListBucket on arn:aws:s3:::${bucket}`,
      renewable: this.#renewable,
    };
  }

  #reading(key: string): AwsRequestContext {
    const { bucket, prefix } = this.#place;
    return {
      what: `${objectName(bucket, key)} could not be read`,
      permission: `s3:GetObject on arn:aws:s3:::${bucket}/${prefix}*, and kms:Decrypt on the key if the bucket is encrypted with one of KMS`,
      renewable: this.#renewable,
    };
  }
}

function changed(message: string): PeepholeError {
  return new PeepholeError('source_failed', message, { changed: true });
}

function bare(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
