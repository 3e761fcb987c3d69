import type { Command } from 'commander';
import { PeepholeError } from '../model/errors.ts';
import { parseInstant } from '../model/query/parse-time.ts';
import { sourceForms } from '../model/source-kinds.ts';
import { resolveRange } from '../model/time/range.ts';
import { parseDuration } from '../model/time/duration.ts';
import type { SourceOptions } from '../sources/source.ts';

export interface SourceCliOptions {
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly sqs?: string;
  readonly requesterPays?: boolean;
  readonly brokers?: string;
  readonly group?: string;
}

/** What an input is, for help texts. */
export const INPUTS = `files, folders, globs, - for standard input, ${sourceForms.join(', ')}, aws: for what an account logs`;

/** Adds the options of commands that read sources. */
export function withSourceOptions(command: Command): Command {
  return command
    .option(
      '--format <fields>',
      "fields of text logs without a header, such as '${version} ${srcaddr} ${dstaddr}'",
    )
    .option('--from <time>', 'sources: read from this time on, such as 2026-06-20T00:00:00Z')
    .option('--to <time>', 'sources: read up to this time (exclusive)')
    .option('--last <duration>', 'sources: read this duration back from now, such as P1D')
    .option(
      '--region <region>',
      'AWS: the region (default: $AWS_REGION, or the profile); of aws: several with commas, or all',
    )
    .option('--profile <name>', 'AWS: a profile of the configuration files')
    .option('--role-arn <arn>', 'AWS: a role to assume')
    .option('--external-id <id>', 'AWS: the external id that the role asks for')
    .option('--sqs <url>', 'S3 with --follow: the queue that gets notifications of new objects')
    .option('--requester-pays', 'S3: pay for reading a bucket whose owner requires that')
    .option('--brokers <list>', 'Kafka: HOST:PORT of some brokers, with commas (default: $KAFKA_BROKERS)')
    .option('--group <name>', 'Kafka: the consumer group (default: peephole)');
}

/** The options of sources. Throws `usage` for invalid times and durations. */
export function sourceOptionsOf(options: SourceCliOptions, now = Date.now()): Partial<SourceOptions> {
  const { from, to } = boundsOf(options, now);
  return {
    from,
    to,
    region: options.region ?? null,
    profile: options.profile ?? null,
    roleArn: options.roleArn ?? null,
    externalId: options.externalId ?? null,
    sqs: options.sqs ?? null,
    requesterPays: options.requesterPays ?? false,
    brokers: (options.brokers ?? '').split(',').filter((broker) => broker !== ''),
    group: options.group ?? null,
  };
}

/** The bounds in Unix milliseconds; null where there is none. Throws `usage` as `sourceOptionsOf`. */
export function boundsOf(
  { from, to, last }: Pick<SourceCliOptions, 'from' | 'to' | 'last'>,
  now: number,
): Pick<SourceOptions, 'from' | 'to'> {
  if (last !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new PeepholeError('usage', 'Give either --last, or --from and --to.');
    if (parseDuration(last) === null)
      throw new PeepholeError('usage', `--last ${last} is not an ISO 8601 duration such as P1D or PT6H.`);
    // It counts back from the end of a second: here of the one before now.
    const range = resolveRange({ kind: 'last', last }, Math.floor(now / 1000) - 1, 'Etc/UTC');
    return { from: range?.from ?? null, to: null };
  }
  const instant = (name: string, text: string | undefined): number | null =>
    text === undefined ? null : parseInstant(text, name, 'Etc/UTC');
  const bounds = { from: instant('--from', from), to: instant('--to', to) };
  if (bounds.from !== null && bounds.to !== null && bounds.from >= bounds.to)
    throw new PeepholeError('usage', '--from must be before --to.');
  return bounds;
}

const PASSED_ON = /^(?:AWS|KAFKA)_|^PEEPHOLE_POLL_SECONDS$/;

/** Environment variables for sources, passed on because another process may read them. */
export function sourceEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      PASSED_ON.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
