import { createHash, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { PeepholeError } from '../model/errors.ts';
import type { Delivery } from '../service/store-service.ts';

/**
 * What Amazon Data Firehose sends to an HTTP endpoint ("HTTP endpoint delivery request and response specifications" in
 * its developer guide): a request id, a time in Unix milliseconds, and records in base64.
 */
export interface FirehoseRequest {
  readonly requestId: string;
  readonly delivery: Delivery;
}

/** The most bytes of an unpacked body: Firehose sends 64 MiB at most before base64. */
export const MOST_FIREHOSE_BYTES = 128 * 1024 * 1024;
const MOST_RECORDS = 10_000;
const inflate = promisify(gunzip);

/**
 * Checks the access key, in constant time.
 *
 * @throws PeepholeError `forbidden` if no key was set, `unauthorized` for another key than that
 */
export function checkAccessKey(request: FastifyRequest, key: string | null): void {
  if (key === null)
    throw new PeepholeError(
      'forbidden',
      'Nothing is taken from Firehose until PEEPHOLE_FIREHOSE_KEY is set.',
    );
  const given = request.headers['x-amz-firehose-access-key'];
  const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  // Node reads a header's bytes as Latin-1, whatever they are.
  const same = (text: string): boolean =>
    timingSafeEqual(digest(Buffer.from(text, 'latin1')), digest(Buffer.from(key, 'utf8')));
  if (typeof given !== 'string' || !same(given))
    throw new PeepholeError('unauthorized', 'The access key is not the one in PEEPHOLE_FIREHOSE_KEY.');
}

/** Reads a request. Throws PeepholeError `usage` if it is none of Firehose's. */
export async function readFirehoseRequest(request: FastifyRequest): Promise<FirehoseRequest> {
  const json = await bodyOf(request);
  const { requestId, timestamp, records } = json;
  if (typeof requestId !== 'string' || requestId === '') throw bad('it has no requestId');
  if (!Array.isArray(records)) throw bad('it has no records');
  if (records.length > MOST_RECORDS) throw bad(`it has ${records.length} records, more than ${MOST_RECORDS}`);
  const time = typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : null;
  const source = sourceOf(request);
  return {
    requestId,
    delivery: {
      source,
      format: formatOf(request),
      messages: records.map((record: unknown, index) => ({
        name: `${source}/${requestId}/${index + 1}`,
        base64: dataOf(record),
        time,
      })),
    },
  };
}

/** The data of a record; what is no such record, or no base64, stands for itself, and is set aside as no flow log. */
function dataOf(record: unknown): string {
  const data = typeof record === 'object' && record !== null && 'data' in record ? record.data : undefined;
  return typeof data === 'string' && isBase64(data)
    ? data
    : Buffer.from(JSON.stringify(record) ?? '').toString('base64');
}

/** Node silently drops characters that are not base64. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

async function bodyOf(request: FastifyRequest): Promise<Readonly<Record<string, unknown>>> {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) throw bad('it has no body');
  let bytes = body;
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') {
    try {
      bytes = await inflate(body, { maxOutputLength: MOST_FIREHOSE_BYTES });
    } catch (error) {
      throw bad(`its gzip data can't be read (${(error as Error).message})`);
    }
  } else if (encoding !== undefined && encoding !== 'identity') throw bad(`its encoding is ${encoding}`);
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return json as Readonly<Record<string, unknown>>;
  } catch {
    throw bad('its body is not JSON');
  }
  throw bad('its body is not a JSON object');
}

/** By the name of the delivery stream, so that streams are counted one by one. */
function sourceOf(request: FastifyRequest): string {
  const arn = request.headers['x-amz-firehose-source-arn'];
  const name = typeof arn === 'string' ? /:deliverystream\/([\w.-]{1,64})$/.exec(arn)?.[1] : undefined;
  return `firehose:${name ?? 'default'}`;
}

/** The stream's common attribute `format` names the fields of lines, where they are not AWS's default ones. */
function formatOf(request: FastifyRequest): string | null {
  const text = request.headers['x-amz-firehose-common-attributes'];
  if (typeof text !== 'string') return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad('its common attributes are no JSON');
  }
  const attributes = (json as { commonAttributes?: { format?: unknown } } | null)?.commonAttributes;
  return typeof attributes?.format === 'string' ? attributes.format : null;
}

function bad(what: string): PeepholeError {
  return new PeepholeError('usage', `This is no request of Firehose: ${what}.`);
}
