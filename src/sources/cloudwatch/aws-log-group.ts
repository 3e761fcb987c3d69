import { setTimeout as sleep } from 'node:timers/promises';
import type * as CloudWatchLogs from '@aws-sdk/client-cloudwatch-logs';
import { PeepholeError } from '../../model/errors.ts';
import { nearName } from '../../model/query/near-name.ts';
import { awsError, nameOf, statusOf } from '../aws/aws-errors.ts';
import { awsClientConfig, hasRenewableCredentials } from '../aws/client-config.ts';
import type { SourceRequest } from '../source.ts';
import type { LogPage } from './log-events.ts';
import type { LogGroup } from './log-group.ts';
import type { LogGroupName } from './log-group-name.ts';
import type { FlowLogOfGroup } from './stream-formats.ts';

const THROTTLED =
  /^(?:Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|RequestThrottled|BandwidthLimitExceeded)/;
/** Milliseconds between two tries of what is throttled, beyond the SDK's own: twice as long each time. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** Pages of names of groups that are looked through for similar ones. */
const PAGES_OF_NAMES = 20;

/** Opens a log group; nothing is asked of AWS yet. What is under way ends once the signal is aborted. */
export async function openLogGroup(
  request: SourceRequest,
  group: LogGroupName,
  signal: AbortSignal,
): Promise<LogGroup> {
  // Loaded only here: it is large, and nothing else needs it.
  const logs = await import('@aws-sdk/client-cloudwatch-logs');
  return new AwsLogGroup(logs, request, group, signal);
}

class AwsLogGroup implements LogGroup {
  readonly #logs: typeof CloudWatchLogs;
  readonly #client: CloudWatchLogs.CloudWatchLogsClient;
  readonly #request: SourceRequest;
  readonly #group: LogGroupName;
  readonly #signal: AbortSignal;
  readonly #renewable: boolean;
  /** How requests name the group; asked for with the first. */
  #identity: Promise<{ logGroupName: string } | { logGroupIdentifier: string }> | null = null;

  constructor(logs: typeof CloudWatchLogs, request: SourceRequest, group: LogGroupName, signal: AbortSignal) {
    const config = awsClientConfig(request, 'CLOUDWATCH_LOGS');
    // An ARN says where; what else says is for names.
    const region = group.arn?.region;
    this.#logs = logs;
    this.#client = new logs.CloudWatchLogsClient({ ...config, ...(region === undefined ? {} : { region }) });
    this.#request = request;
    this.#group = group;
    this.#signal = signal;
    this.#renewable = hasRenewableCredentials(request);
  }

  now(): number {
    // The SDK learns from answers how far this machine's clock is off, if it is much.
    return Date.now() + this.#client.config.systemClockOffset;
  }

  async region(): Promise<string> {
    return this.#call('logs:FilterLogEvents', () => this.#client.config.region());
  }

  async account(): Promise<string | null> {
    const { arn } = this.#group;
    return arn?.account ?? (await this.#ownArn())?.split(':')[4] ?? null;
  }

  /** The ARN of the group of that name in the account that asks; null: there is none, or nobody may know. */
  async #ownArn(): Promise<string | null> {
    const { name } = this.#group;
    const command = new this.#logs.DescribeLogGroupsCommand({ logGroupNamePrefix: name });
    const page = await this.#ifAllowed('logs:DescribeLogGroups', (options) =>
      this.#client.send(command, options),
    );
    // Names come in order: the shortest with this beginning is first.
    return page?.logGroups?.find(({ logGroupName }) => logGroupName === name)?.arn ?? null;
  }

  /** Only groups of other accounts need an ARN; what speaks this protocol elsewhere knows names alone. */
  async #identify(): Promise<{ logGroupName: string } | { logGroupIdentifier: string }> {
    const { name, arn } = this.#group;
    if (arn === null || (await this.#ownArn())?.replace(/:\*$/, '') === arn.text)
      return { logGroupName: name };
    return { logGroupIdentifier: arn.text };
  }

  async page(from: number, to: number, token: string | null): Promise<LogPage> {
    const command = new this.#logs.FilterLogEventsCommand({
      ...(await (this.#identity ??= this.#identify())),
      startTime: from,
      endTime: to,
      ...(token === null ? {} : { nextToken: token }),
    });
    try {
      const { events = [], nextToken = null } = await this.#call('logs:FilterLogEvents', (options) =>
        this.#client.send(command, options),
      );
      return {
        events: events.map(({ eventId = '', logStreamName = '', timestamp = 0, message = '' }) => ({
          id: eventId,
          stream: logStreamName,
          time: timestamp,
          message,
        })),
        token: nextToken,
      };
    } catch (error) {
      const said = error instanceof PeepholeError ? error.details['aws'] : null;
      if (said === 'ResourceNotFoundException') throw await this.#missing();
      // A token is good for 24 hours: from the beginning of the window it goes better.
      if (token !== null && said === 'InvalidParameterException')
        throw new PeepholeError('source_failed', (error as Error).message, {}, { cause: error });
      throw error;
    }
  }

  async flowLogs(): Promise<readonly FlowLogOfGroup[] | null> {
    const ec2 = await import('@aws-sdk/client-ec2');
    const client = new ec2.EC2Client({
      ...awsClientConfig(this.#request, 'EC2'),
      region: await this.region(),
    });
    const found: FlowLogOfGroup[] = [];
    try {
      let token: string | undefined;
      do {
        const command = new ec2.DescribeFlowLogsCommand({
          Filter: [{ Name: 'log-group-name', Values: [this.#group.name] }],
          ...(token === undefined ? {} : { NextToken: token }),
        });
        const page = await this.#ifAllowed('ec2:DescribeFlowLogs', (options) =>
          client.send(command, options),
        );
        if (page === null) return null;
        for (const { FlowLogId, ResourceId, TrafficType, LogFormat } of page.FlowLogs ?? []) {
          if (LogFormat === undefined) continue;
          found.push({
            id: FlowLogId ?? '',
            resource: ResourceId ?? '',
            traffic: TrafficType ?? null,
            format: LogFormat,
          });
        }
        token = page.NextToken === '' || page.NextToken === token ? undefined : page.NextToken;
      } while (token !== undefined);
      return found;
    } finally {
      client.destroy();
    }
  }

  close(): void {
    this.#client.destroy();
  }

  /** Null where a policy does not allow it. */
  async #ifAllowed<T>(
    permission: string,
    send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T | null> {
    try {
      return await this.#call(permission, send);
    } catch (error) {
      const { cause } = error as Error;
      if (cause !== undefined && isDenied(cause)) return null;
      throw error;
    }
  }

  /** Asks AWS, again and again where it throttles. */
  async #call<T>(
    permission: string,
    send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const signal = this.#signal;
    for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, 2 * wait)) {
      try {
        return await unlessAborted(send({ abortSignal: signal }), signal);
      } catch (error) {
        if (signal.aborted || !isThrottling(error))
          throw awsError(error, {
            what: `The log group ${this.#group.name} could not be read`,
            permission: `${permission} on it`,
            renewable: this.#renewable,
          });
      }
      // Not all at the same moment, where many are throttled.
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** The error for a group that is not there, naming what may be meant. */
  async #missing(): Promise<PeepholeError> {
    const { name } = this.#group;
    const names: string[] = [];
    let token: string | undefined;
    for (let pages = 0; pages < PAGES_OF_NAMES; pages++) {
      const command = new this.#logs.DescribeLogGroupsCommand(
        token === undefined ? {} : { nextToken: token },
      );
      const page = await this.#ifAllowed('logs:DescribeLogGroups', (options) =>
        this.#client.send(command, options),
      );
      names.push(...(page?.logGroups ?? []).flatMap(({ logGroupName = '' }) => logGroupName));
      token = page?.nextToken;
      if (token === undefined) break;
    }
    const near = similarTo(name, names);
    const hint =
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : 'Is the name right, and are the region and the account? Needed to look for similar ones is logs:DescribeLogGroups.';
    return new PeepholeError(
      'source_refused',
      `There is no log group ${name} in ${await this.region()}. ${hint}`,
      { similar: near },
    );
  }
}

/** Waits until a signal is aborted at most: while the SDK waits for its next try it ignores the signal. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new DOMException('It was aborted.', 'AbortError'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Up to five names: the most similar, then those that hold it. */
function similarTo(name: string, names: readonly string[]): readonly string[] {
  const near = nearName(name, names);
  const wanted = name.toLowerCase();
  const holding = names.filter((one) => {
    const lower = one.toLowerCase();
    return lower.includes(wanted) || wanted.includes(lower);
  });
  return [...new Set([...(near === undefined ? [] : [near]), ...holding])].slice(0, 5);
}

function isThrottling(error: unknown): boolean {
  return THROTTLED.test(nameOf(error)) || statusOf(error) === 429;
}

function isDenied(error: unknown): boolean {
  return /^(?:AccessDenied|UnauthorizedOperation|Forbidden)/.test(nameOf(error));
}
