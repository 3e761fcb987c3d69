import { randomBytes } from 'node:crypto';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AwsAccount } from './aws-account.ts';

export interface LogEvent {
  /** Milliseconds since 1970. CloudWatch refuses what is older than 14 days, or more than 2 hours in the future. */
  readonly timestamp: number;
  readonly message: string;
}

/** What one call may hold. */
const EVENTS_PER_CALL = 10_000;

/** Makes a log group whose name nobody else has. */
export async function createLogGroup({ logs }: AwsAccount): Promise<string> {
  const logGroupName = `/vpc/flow-logs-${randomBytes(6).toString('hex')}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  return logGroupName;
}

/**
 * Puts events into a stream of a group; flow logs have one for each interface, such as `eni-0a1b2c3d4e5f60718-all`.
 *
 * @throws Error if CloudWatch refuses any of them
 */
export async function putLogEvents(
  { logs }: AwsAccount,
  logGroupName: string,
  logStreamName: string,
  events: readonly LogEvent[],
): Promise<void> {
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error: Error) => {
    if (error.name !== 'ResourceAlreadyExistsException') throw error;
  });
  const sorted = [...events].sort((a, b) => a.timestamp - b.timestamp);
  for (let i = 0; i < sorted.length; i += EVENTS_PER_CALL) {
    const { rejectedLogEventsInfo } = await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: sorted.slice(i, i + EVENTS_PER_CALL),
      }),
    );
    if (rejectedLogEventsInfo !== undefined)
      throw new Error(`CloudWatch Logs refuses events: ${JSON.stringify(rejectedLogEventsInfo)}`);
  }
}
