import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { Random } from '../random.ts';
import { REGION, type Network } from '../world/networks.ts';
import type { FileBody } from './file-body.ts';

/** A larger file is split in two: this is before compression; AWS splits at 75 MB after. */
const LARGEST = 24 * 1024 * 1024;
/** How much may wait to be compressed and written. */
const MOST_WAITING = 64 * 1024 * 1024;
const MOST_FILES_WAITING = 12;

/**
 * Publishes files as AWS does to S3:
 * `AWSLogs/{account}/vpcflowlogs/{region}/{yyyy}/{MM}/{dd}/{account}_vpcflowlogs_{region}_{flow
 * log}_{time}_{hash}.log.gz`. Compression and writing overlap with the making of records; `settle` slows the producer
 * down.
 */
export class LogBucket {
  files = 0;
  bytes = 0;
  private readonly folder: string;
  private readonly extension: string;
  private readonly seed: string;
  private readonly folders = new Map<string, Promise<unknown>>();
  private readonly waiting = new Set<Promise<void>>();
  private waitingBytes = 0;
  private failure: unknown = null;

  constructor(folder: string, extension: '.log.gz' | '.log.parquet', seed: string) {
    this.folder = folder;
    this.extension = extension;
    this.seed = seed;
  }

  /** Whether a file must be published before its time. */
  isFull(body: FileBody): boolean {
    return body.size > LARGEST;
  }

  /** Publishes what a flow log has gathered; `time` (Unix seconds) names the file. Nothing if it has no rows. */
  publish(network: Network, body: FileBody, time: number): void {
    if (body.rows === 0) return;
    const path = join(this.folder, keyOf(network, time, this.hash(network, time), this.extension));
    const size = body.size;
    this.files++;
    this.waitingBytes += size;
    const job = this.write(path, body.take())
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .then(() => {
        this.waitingBytes -= size;
        this.waiting.delete(job);
      });
    this.waiting.add(job);
  }

  /** Waits until little is waiting; until nothing is, with `all`. Throws what went wrong meanwhile. */
  async settle(all = false): Promise<void> {
    while (
      this.waiting.size > 0 &&
      (all || this.waitingBytes > MOST_WAITING || this.waiting.size > MOST_FILES_WAITING)
    ) {
      await Promise.race(this.waiting);
    }
    if (this.failure !== null) throw this.failure;
  }

  private async write(path: string, body: Promise<Uint8Array>): Promise<void> {
    const folder = dirname(path);
    let made = this.folders.get(folder);
    if (made === undefined) {
      made = mkdir(folder, { recursive: true });
      this.folders.set(folder, made);
    }
    const [bytes] = await Promise.all([body, made]);
    this.bytes += bytes.length;
    await writeFile(path, bytes);
  }

  private hash(network: Network, time: number): string {
    return new Random(this.seed, `${network.flowLogId}/${time}/${this.files}`).hex(8);
  }
}

function keyOf(network: Network, time: number, hash: string, extension: string): string {
  const iso = new Date(time * 1000).toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-');
  const stamp = `${iso.slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
  const name = `${network.accountId}_vpcflowlogs_${REGION}_${network.flowLogId}_${stamp}_${hash}${extension}`;
  return join('AWSLogs', network.accountId, 'vpcflowlogs', REGION, `${year}`, `${month}`, `${day}`, name);
}
