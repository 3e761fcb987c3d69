import type { Readable } from 'node:stream';
import type { IngestReport } from '../model/ingest-report.ts';
import { PeepholeError } from '../model/errors.ts';
import { checkRoom, spoolStream } from '../sources/files/spool-stream.ts';
import type { IngestCallOptions, StoreService } from './store-service.ts';

/** An upload. */
export interface Upload {
  /** The name that the sender gave. */
  readonly name: string;
  /** The fields of lines without a header; null: AWS's default formats. */
  readonly format: string | null;
  readonly bytes: Readable;
}

export interface UploadLimits {
  /** Of a file. */
  readonly mostBytes: number;
  /** Milliseconds that a sender may send nothing: who stalls must not keep others from sending. */
  readonly mostPause: number;
}

/**
 * Checks in advance whether a file of so many bytes (null: unknown) can be accepted.
 *
 * @throws PeepholeError `read_only`, `too_large`, `disk_full`
 */
export async function checkUpload(
  service: StoreService,
  bytes: number | null,
  mostBytes: number,
): Promise<void> {
  const { read_only, folder } = await service.status();
  if (read_only)
    throw new PeepholeError(
      'read_only',
      `The store in ${folder} can only be read here: nothing is taken in.`,
    );
  await checkRoom(bytes ?? 0, mostBytes);
}

/** A received file. */
export interface ReceivedUpload {
  /**
   * Ingests and deletes it. If another process owns the store, that process reads it from this machine's disk.
   *
   * @throws PeepholeError `impossible_query` for a format without fields; errors of the ingest
   */
  ingest(service: StoreService, options: IngestCallOptions): Promise<IngestReport>;
}

/**
 * Receives a file into a temporary file that only this user can read; an incomplete one is deleted.
 *
 * @throws PeepholeError `cancelled` if it is incomplete or `signal` is aborted; `too_large`, `slow_request`, `disk_full`
 */
export async function receiveUpload(
  { name, format, bytes }: Upload,
  limits: UploadLimits,
  signal: AbortSignal,
): Promise<ReceivedUpload> {
  const { path, remove } = await spoolStream(bytes, { ...limits, signal }).catch((error: unknown) => {
    throw error instanceof PeepholeError ? error : brokenOff(error);
  });
  return {
    async ingest(service, options) {
      try {
        return await service.ingest({ names: [], cwd: '/', format, uploads: [{ name, path }] }, options);
      } catch (error) {
        if (error instanceof PeepholeError && error.code === 'usage')
          throw new PeepholeError('impossible_query', error.message, error.details, { cause: error });
        throw error;
      } finally {
        await remove();
      }
    },
  };
}

function brokenOff(cause: unknown): PeepholeError {
  return new PeepholeError(
    'cancelled',
    'The file broke off before its end: nothing of it was taken in.',
    {},
    { cause },
  );
}
