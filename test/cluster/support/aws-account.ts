import { randomInt } from 'node:crypto';
import { devNull } from 'node:os';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** An account of the emulator, with clients of each service. Nothing in it is seen from another, but names of buckets. */
export interface AwsAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly region: string;
  /** What makes a program use this account: `AWS_ENDPOINT_URL`, `AWS_REGION`, credentials, no configuration files. */
  readonly env: Readonly<Record<string, string>>;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly ec2: EC2Client;
  /** Closes the clients' connections. */
  close(): void;
}

export interface AccountOptions {
  /** Another set of credentials of an account; without, a new account. */
  readonly id?: string;
  readonly region?: string;
  /** Where the account's clients and `env` go instead of straight to the emulator: a faulty proxy's address. */
  readonly through?: string;
}

/** A new account, with credentials of an assumed role, as most programs have them. */
export async function newAccount(
  moto: { readonly url: string },
  { region = 'us-east-1', through = moto.url, id = newAccountId() }: AccountOptions = {},
): Promise<AwsAccount> {
  const sts = new STSClient({
    endpoint: moto.url,
    region,
    credentials: { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'test' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${id}:role/reader`, RoleSessionName: 'test' }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const options = {
    endpoint: through,
    region,
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    },
  };
  const clients = {
    s3: new S3Client(options),
    sqs: new SQSClient(options),
    logs: new CloudWatchLogsClient(options),
    ec2: new EC2Client(options),
  };
  return {
    id,
    region,
    env: {
      AWS_ENDPOINT_URL: through,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
      // Those of whoever runs the tests say something else.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function newAccountId(): string {
  return String(randomInt(100_000_000_000, 281_000_000_000_000)).slice(0, 12);
}
