import { PeepholeError } from '../model/errors.ts';
import { type NamedSourceKind, namedSourceKind, sourceForms } from '../model/source-kinds.ts';
import type { Source, SourceRequest } from './source.ts';

type Opener = (request: SourceRequest) => Promise<Source>;

/** Each is loaded when it is needed: the clients of clouds take long to load. */
const openers: Readonly<Record<NamedSourceKind, Opener>> = {
  s3: async (request) => (await import('./s3/s3-source.ts')).openS3Source(request),
  cloudwatch: async (request) =>
    (await import('./cloudwatch/cloudwatch-source.ts')).cloudWatchSource(request),
  kafka: async (request) => (await import('./kafka/kafka-source.ts')).openKafkaSource(request),
};

/** Makes the source that a name stands for; nothing is read yet. Throws `usage` for a name of no source. */
export async function openSource(request: SourceRequest): Promise<Source> {
  const kind = namedSourceKind(request.name);
  if (kind === null)
    throw new PeepholeError(
      'usage',
      `${request.name} is not a source: sources are ${sourceForms.join(', ')}.`,
    );
  return openers[kind](request);
}
