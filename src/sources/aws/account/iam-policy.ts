import { PeepholeError } from '../../../model/errors.ts';

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** The statement that `aws:` needs to find flow logs. */
export const STATEMENT_OF_ACCOUNT = 'FindFlowLogs';

/** The sources of a policy for everything; words in capitals must be filled in. */
const PLACEHOLDERS = [
  'aws:',
  'inventory',
  's3://BUCKET/PREFIX/',
  'https://sqs.REGION.amazonaws.com/ACCOUNT/QUEUE',
  'cloudwatch:arn:aws:logs:REGION:ACCOUNT:log-group:LOG-GROUP',
];

/**
 * The least that a policy must allow for sources: `s3://BUCKET/PREFIX`, the URL of an SQS queue, `cloudwatch:LOG-GROUP`,
 * `inventory`, `aws:`. None: all of these, with what must be filled in in capitals.
 *
 * @param region of log groups that are named by their names; null: any
 * @param kmsKey the ARN of the key that buckets are encrypted with; null: S3's own
 * @throws PeepholeError `usage` for a source that needs no policy, or is none
 */
export function iamPolicy(
  sources: readonly string[],
  region: string | null = null,
  kmsKey: string | null = null,
): IamPolicy {
  const named = sources.length === 0 ? PLACEHOLDERS : [...new Set(sources)];
  const key = sources.length === 0 ? 'arn:aws:kms:REGION:ACCOUNT:key/KEY' : kmsKey;
  const statements = named.flatMap((source) => statementsOf(source, region));
  if (key !== null && named.some((source) => source.startsWith('s3://')))
    statements.push(allow('DecryptObjects', ['kms:Decrypt'], key));
  return { Version: '2012-10-17', Statement: numbered(statements) };
}

function statementsOf(source: string, region: string | null): PolicyStatement[] {
  if (source === 'aws:') return [...accountStatements(), ...inventoryStatements()];
  if (source === 'inventory') return inventoryStatements();
  if (source.startsWith('s3://')) return bucketStatements(source, region);
  if (source.startsWith('https://')) return queueStatements(source);
  if (source.startsWith('cloudwatch:')) return groupStatements(source, region);
  throw new PeepholeError(
    'usage',
    `${source}: policies are written for s3://BUCKET/PREFIX, the URL of an SQS queue, cloudwatch:LOG-GROUP, inventory and aws:.`,
  );
}

/** EC2 knows no smaller resource for these actions. */
function accountStatements(): PolicyStatement[] {
  return [
    allow(
      STATEMENT_OF_ACCOUNT,
      [
        'ec2:DescribeFlowLogs',
        'ec2:DescribeVpcs',
        'ec2:DescribeSubnets',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeTransitGateways',
        'ec2:DescribeTransitGatewayAttachments',
        'ec2:DescribeRegions',
      ],
      '*',
    ),
  ];
}

function inventoryStatements(): PolicyStatement[] {
  return [
    allow(
      'ReadInventory',
      ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeInstances', 'ec2:DescribeAddresses'],
      '*',
    ),
  ];
}

function bucketStatements(source: string, region: string | null): PolicyStatement[] {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(source) ?? [];
  if (bucket === '') throw new PeepholeError('usage', `${source} names no bucket: s3://BUCKET/PREFIX.`);
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return [
    // Not for the prefix alone: then S3 would answer “access denied” for objects that are gone, too.
    allow('ListBucket', ['s3:ListBucket'], arn),
    allow('ReadObjects', ['s3:GetObject'], `${arn}/${escapePattern(prefix)}*`),
  ];
}

function queueStatements(source: string): PolicyStatement[] {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
  const [, region, account, queue] =
    /^https:\/\/sqs\.([\w-]+)\.amazonaws\.com(?:\.cn)?\/(\w+)\/([\w.-]+)$/.exec(source) ?? [];
  if (region === undefined)
    throw new PeepholeError(
      'usage',
      `${source} is no URL of a queue: https://sqs.REGION.amazonaws.com/ACCOUNT/QUEUE.`,
    );
  return [
    allow(
      'ReceiveNotifications',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      `arn:${partitionOf(region)}:sqs:${region}:${account}:${queue}`,
    ),
  ];
}

function groupStatements(source: string, region: string | null): PolicyStatement[] {
  const name = source.slice('cloudwatch:'.length).replace(/:\*$/, '');
  if (name === '') throw new PeepholeError('usage', `${source} names no log group: cloudwatch:LOG-GROUP.`);
  const group = name.startsWith('arn:')
    ? name
    : `arn:${partitionOf(region)}:logs:${region ?? '*'}:*:log-group:${name}`;
  return [
    allow('ReadLogEvents', ['logs:FilterLogEvents'], `${group}:*`),
    // With these, two flow logs of different formats in one group are distinguished, and a group of another account too.
    allow('KnowLogGroups', ['logs:DescribeLogGroups', 'ec2:DescribeFlowLogs'], '*'),
  ];
}

function allow(Sid: string, Action: readonly string[], Resource: string): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource };
}

/** Statements need names of their own; the same one twice is left out. */
function numbered(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const different = statements.filter(
    (one, index) => statements.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
  return different.map((one, index) => {
    const earlier = different.slice(0, index).filter(({ Sid }) => Sid === one.Sid).length;
    return earlier === 0 ? one : { ...one, Sid: `${one.Sid}${earlier + 1}` };
  });
}

/** Characters that IAM would take for patterns. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
function escapePattern(prefix: string): string {
  return prefix.replace(/[*?$]/g, '${$&}');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string | null): string {
  if (region?.startsWith('cn-') === true) return 'aws-cn';
  return region?.startsWith('us-gov-') === true ? 'aws-us-gov' : 'aws';
}
