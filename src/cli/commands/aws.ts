import { Command } from 'commander';
import { PeepholeError } from '../../model/errors.ts';
import { iamPolicy } from '../../sources/aws/account/iam-policy.ts';
import { flowLogTemplate, quoted } from '../../sources/aws/account/new-flow-log.ts';
import { askAccount, regionsOf } from '../account/find-account.ts';
import { Messages } from '../messages.ts';
import { formatAccount } from '../print-account.ts';
import { sourceOptionsOf } from '../source-options.ts';

interface Options {
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly json?: boolean;
  readonly template?: boolean;
}

interface PolicyOptions {
  readonly region?: string;
  readonly sqs?: string;
  readonly kms?: string;
}

export function awsCommand(): Command {
  const command = new Command('aws')
    .description("show an AWS account's flow logs: what is logged, where to, and what is not")
    .option('--region <regions...>', 'regions, or all (default: the configured one)')
    .option('--profile <name>', 'a profile of the AWS configuration files')
    .option('--role-arn <arn>', 'a role to assume')
    .option('--external-id <id>', 'the external id that the role asks for')
    .option('--json', 'as one JSON object')
    .option('--template', 'as peephole aws template')
    .action((options: Options) => (options.template === true ? printTemplate() : show(options)));
  const template = new Command('template')
    .description('print a CloudFormation template: a bucket, and a flow log with all useful fields')
    .action(printTemplate);
  const policy = new Command('policy')
    .description('print the smallest IAM policy that sources need')
    .argument(
      '[sources...]',
      's3://BUCKET/PREFIX, cloudwatch:LOG-GROUP, the URL of an SQS queue, inventory, aws: (default: all, to fill in)',
    )
    .option('--region <region>', 'region of log groups that are named without an ARN')
    .option('--sqs <url>', 'a queue that gets notifications of new objects')
    .option('--kms <arn>', 'the KMS key that buckets are encrypted with')
    .action(printPolicy);
  for (const child of [template, policy]) {
    command.addCommand(child);
  }
  return command;
}

async function show(options: Options): Promise<void> {
  const { region: texts = [], json, ...others } = options;
  const regions = regionsOf(texts);
  const account = await askAccount({ regions, options: sourceOptionsOf(others) });
  if (json === true) process.stdout.write(`${JSON.stringify(account)}\n`);
  else process.stdout.write(formatAccount(account, sameAccount(regions, options)));
  if (account.failures.length > 0) process.exitCode = 1;
}

/** The options that make another command ask the same. */
function sameAccount(regions: readonly string[], { profile, roleArn, externalId }: Options): string {
  const given = [
    ['--region', regions.length === 0 ? undefined : regions.join(',')],
    ['--profile', profile],
    ['--role-arn', roleArn],
    ['--external-id', externalId],
  ] as const;
  return given.map(([name, value]) => (value === undefined ? '' : ` ${name} ${quoted(value)}`)).join('');
}

function printTemplate(): void {
  process.stdout.write(flowLogTemplate());
}

function printPolicy(sources: readonly string[], { region, sqs, kms }: PolicyOptions): void {
  if (sources.length === 0 && (sqs !== undefined || kms !== undefined))
    throw new PeepholeError(
      'usage',
      'Name the source too: peephole aws policy s3://BUCKET/PREFIX --sqs URL.',
    );
  const named = sqs === undefined ? sources : [...sources, sqs];
  process.stdout.write(`${JSON.stringify(iamPolicy(named, region ?? null, kms ?? null), null, 2)}\n`);
  const messages = new Messages(false);
  if (sources.length === 0) messages.say('Fill in what is in capitals, and leave out what you do not read.');
  else if (sources.includes('aws:'))
    messages.say('aws: reads what it finds: name those sources too (peephole aws shows them).');
}
