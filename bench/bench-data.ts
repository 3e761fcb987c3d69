import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, gzipSync } from 'node:zlib';
import { simulate } from '../src/simulate/simulate.ts';

export interface BenchData {
  /** All of it as AWS would deliver it. */
  readonly folder: string;
  /** The same lines in one gzip file. */
  readonly one: string;
  /** Some of them in many small gzip files. */
  readonly many: string;
  readonly flows: number;
  readonly manyRecords: number;
  /** The story's target. */
  readonly target: { readonly address: string; readonly port: number };
}

const SMALL_FILES = 1_000;
const SMALL_LINES = 2_000;
/** Flows a day of the simulated company: what makes about 2 % of them rejected. */
const FLOWS_A_DAY = 3_600_000;

/** Simulates `flows` flows below `folder`, and lays the same lines out as one large and as many small files. */
export async function makeData(folder: string, flows: number): Promise<BenchData> {
  const logs = join(folder, 'logs');
  const days = Math.max(1, Math.ceil(flows / FLOWS_A_DAY));
  const { truth } = await simulate({ out: logs, days, flows, seed: 'bench' });
  const files = (await readdir(join(logs, 'AWSLogs'), { recursive: true }))
    .filter((name) => name.endsWith('.log.gz'))
    .map((name) => join(logs, 'AWSLogs', name))
    .sort();
  const one = join(folder, 'one.log.gz');
  const many = join(folder, 'many');
  await mkdir(many);
  const small = new SmallFiles(many);
  await pipeline(Readable.from(lines(files, small)), createGzip({ level: 4 }), createWriteStream(one));
  await small.finish();
  const { address, port } = truth.story.target;
  return {
    folder: join(logs, 'AWSLogs'),
    one,
    many,
    flows,
    manyRecords: small.records,
    target: { address, port },
  };
}

/** The files' lines as large chunks of text, with one header. */
async function* lines(files: readonly string[], small: SmallFiles): AsyncGenerator<Buffer> {
  let headed = false;
  for (const file of files) {
    const parts: Buffer[] = [];
    for await (const chunk of createReadStream(file).pipe(createGunzip())) parts.push(chunk as Buffer);
    const text = Buffer.concat(parts);
    const end = text.indexOf(10) + 1;
    await small.add(text, end);
    yield headed ? text.subarray(end) : text;
    headed = true;
  }
}

/** Cuts lines into small files until there are enough. */
class SmallFiles {
  records = 0;
  readonly #folder: string;
  #files = 0;
  #header: Buffer = Buffer.alloc(0);
  #pending: Buffer[] = [];
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(text: Buffer, from: number): Promise<void> {
    this.#header = text.subarray(0, from);
    let begin = from;
    while (this.#files < SMALL_FILES && begin < text.length) {
      let end = begin;
      while (this.#count < SMALL_LINES && end < text.length) {
        end = text.indexOf(10, end) + 1;
        this.#count++;
      }
      this.#pending.push(text.subarray(begin, end));
      begin = end;
      if (this.#count === SMALL_LINES) await this.finish();
    }
  }

  async finish(): Promise<void> {
    if (this.#count === 0) return;
    const name = join(this.#folder, `${String(this.#files).padStart(4, '0')}.log.gz`);
    await writeFile(name, gzipSync(Buffer.concat([this.#header, ...this.#pending]), { level: 4 }));
    this.records += this.#count;
    this.#files++;
    this.#count = 0;
    this.#pending = [];
  }
}
