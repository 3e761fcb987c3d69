import { PeepholeError } from '../model/errors.ts';
import type { Source, SourceKind, SourceRequest } from './source.ts';

type Opener = (request: SourceRequest) => Promise<Source>;

/** By the beginnings of names. Each is loaded when one is asked for: the clients of clouds take long to load. */
const openers: Readonly<Record<string, Opener>> = {
  's3://': async (request) => (await import('./s3/s3-source.ts')).openS3Source(request),
  'cloudwatch:': async (request) =>
    (await import('./cloudwatch/cloudwatch-source.ts')).cloudWatchSource(request),
  'kafka:': async (request) => (await import('./kafka/kafka-source.ts')).openKafkaSource(request),
};

/** Whether a name is that of a source, and no file's. */
export function isSourceName(name: string): boolean {
  return Object.keys(openers).some((prefix) => name.startsWith(prefix));
}

/** Makes the source that a name stands for; nothing is read yet. Throws `usage` for a name that is none. */
export async function openSource(request: SourceRequest): Promise<Source> {
  const prefix = Object.keys(openers).find((one) => request.name.startsWith(one));
  if (prefix === undefined)
    throw new PeepholeError(
      'usage',
      `${request.name} is no source: they begin with ${Object.keys(openers).join(', ')}.`,
    );
  return openers[prefix]!(request);
}

/** The kind of the source that an id is of; one without a prefix is of files. */
export function kindOfSource(id: string): SourceKind {
  const prefix = Object.keys(kinds).find((one) => id.startsWith(one));
  return prefix === undefined ? 'files' : kinds[prefix]!;
}

const kinds: Readonly<Record<string, SourceKind>> = {
  's3:': 's3',
  'cloudwatch:': 'cloudwatch',
  'kafka:': 'kafka',
  'firehose:': 'firehose',
};
