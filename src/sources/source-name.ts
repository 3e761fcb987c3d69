import { PeepholeError } from '../model/errors.ts';
import { namedSourceKind } from '../model/source-kinds.ts';

/** Common mistakes in a source's name, and what is right. */
const slips: readonly (readonly [pattern: RegExp, right: (name: string) => string])[] = [
  [
    /^aws:/i,
    () =>
      'All flow logs of an account are aws: alone. Its regions are chosen by --region eu-west-1, several with commas, or --region all (in a configuration: region), the account by --profile or --role-arn.',
  ],
  [/^arn:[^:]*:s3:::/i, (name) => `A bucket is s3://${name.replace(/^arn:[^:]*:s3:::/i, '')}.`],
  [/^arn:[^:]*:logs:/i, (name) => `A log group is cloudwatch:${name}.`],
  [
    /^(?:arn:[^:]*:sqs:|sqs:|https:\/\/sqs\.)/i,
    () => 'The queue of a bucket is given by --sqs URL, beside s3://BUCKET/PREFIX.',
  ],
  [
    /^(?:arn:[^:]*:firehose:|firehose:)/i,
    () => 'Firehose delivers by itself, to POST /api/v1/firehose of peephole serve.',
  ],
  [/^s3:/i, () => 'A bucket is s3://BUCKET/PREFIX.'],
  [/^(?:cloudwatch|logs|cwl):/i, () => 'A log group is cloudwatch:LOG-GROUP.'],
  [/^kafka:/i, () => 'A topic is kafka:TOPIC, with its brokers by --brokers HOST:PORT or KAFKA_BROKERS.'],
];

/**
 * Checks a name for common mistakes.
 *
 * @throws PeepholeError `usage` with what is right
 */
export function checkSourceName(name: string): void {
  if (name === 'aws:' || namedSourceKind(name) !== null) return;
  const slip = slips.find(([pattern]) => pattern.test(name));
  if (slip !== undefined) throw new PeepholeError('usage', `${name} is not a source. ${slip[1](name)}`);
}
