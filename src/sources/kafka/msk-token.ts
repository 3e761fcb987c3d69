import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** Whose signature a token carries. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Seconds that a token lets in, as those of AWS's own signer. */
const LIFETIME = 900;

/**
 * A token for the OAUTHBEARER log-in of Amazon MSK: the URL of a request for `kafka-cluster:Connect`, signed in its query
 * (Signature Version 4), in base64url, as https://github.com/aws/aws-msk-iam-sasl-signer-js makes it.
 */
export async function mskToken(
  region: string,
  credentials: AwsCredentials,
  now: Date = new Date(),
): Promise<string> {
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const hostname = `kafka.${region}.amazonaws.com`;
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      headers: { host: hostname },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn: LIFETIME, signingDate: now },
  );
  const pairs = Object.entries({ ...query, 'User-Agent': 'peephole' }).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return Buffer.from(`https://${hostname}/?${pairs.join('&')}`).toString('base64url');
}

/** SHA-256, with a key or without, as the signer asks for it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
