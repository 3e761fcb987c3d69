import type { SourceRequest } from '../source.ts';
import { awsError } from './aws-errors.ts';
import { foundCredentials, type AwsCredentials, type CredentialProvider } from './found-credentials.ts';

/** What every client of the AWS SDK takes. */
export interface AwsClientConfig {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials: AwsCredentials | CredentialProvider;
  readonly maxAttempts: number;
  readonly retryMode: 'adaptive';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly socketTimeout: number;
  };
}

/** As AWS names services in `AWS_ENDPOINT_URL_…`. */
export type AwsService = 'S3' | 'SQS' | 'CLOUDWATCH_LOGS' | 'EC2' | 'STS';

/** Tries of one request, the SDK's waits between them growing. */
const MOST_ATTEMPTS = 5;
/** Milliseconds. SQS answers a long poll after 20 seconds. */
const TIMEOUTS = {
  connectionTimeout: 10_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
  socketTimeout: 60_000,
} as const;

/**
 * The configuration of a client of the AWS SDK: region, endpoint and credentials from the request's options and its
 * environment. `options.profile` goes before keys in the environment, as on AWS's command line; `options.roleArn` is
 * assumed with either, and again before its credentials expire.
 */
export function awsClientConfig(request: SourceRequest, service: AwsService = 'S3'): AwsClientConfig {
  const { options, environment } = request;
  const region = regionOf(request);
  const endpoint = set(environment[`AWS_ENDPOINT_URL_${service}`]) ?? set(environment['AWS_ENDPOINT_URL']);
  const profile = options.profile ?? set(environment['AWS_PROFILE']);
  const credentials =
    options.roleArn === null
      ? (keysOf(request) ?? foundCredentials(request, profile))
      : roleCredentials(request, options.roleArn);
  return {
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint }),
    ...(profile === null ? {} : { profile }),
    credentials,
    maxAttempts: MOST_ATTEMPTS,
    retryMode: 'adaptive',
    requestHandler: TIMEOUTS,
  };
}

/** Whether expired credentials may be renewed automatically. */
export function hasRenewableCredentials(request: SourceRequest): boolean {
  return request.options.roleArn !== null || keysOf(request) === null;
}

/** The region that was asked for; null: the profile may say. */
function regionOf({ options, environment }: SourceRequest): string | null {
  return options.region ?? set(environment['AWS_REGION']) ?? set(environment['AWS_DEFAULT_REGION']);
}

/** Keys in the environment, if they are what counts. */
function keysOf({ options, environment }: SourceRequest): AwsCredentials | null {
  const accessKeyId = set(environment['AWS_ACCESS_KEY_ID']);
  if (options.profile !== null || accessKeyId === null) return null;
  const sessionToken = set(environment['AWS_SESSION_TOKEN']);
  return {
    accessKeyId,
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(sessionToken === null ? {} : { sessionToken }),
  };
}

/** Asks for credentials of a role; the SDK calls it again before they expire. */
function roleCredentials(request: SourceRequest, roleArn: string): CredentialProvider {
  const { externalId } = request.options;
  return async () => {
    const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const own = { ...request, options: { ...request.options, roleArn: null } };
    const config = awsClientConfig(own, 'STS');
    // The service answers in each region.
    const sts = new STSClient({ ...config, region: config.region ?? 'us-east-1' });
    try {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: 'peephole',
          ...(externalId === null ? {} : { ExternalId: externalId }),
        }),
      );
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken, Expiration } = Credentials ?? {};
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
        ...(Expiration === undefined ? {} : { expiration: Expiration }),
      };
    } catch (error) {
      throw awsError(error, {
        what: `The role ${roleArn} could not be assumed`,
        permission: `sts:AssumeRole on ${roleArn}, and the role must trust whoever asks${externalId === null ? '' : ', with this external id'}`,
        renewable: hasRenewableCredentials(own),
      });
    } finally {
      sts.destroy();
    }
  };
}

/** A variable of the environment; an empty one is none. */
function set(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
