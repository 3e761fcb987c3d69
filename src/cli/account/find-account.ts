import { askEc2 } from '../../enrich/aws/ask-ec2.ts';
import type { InventoryContent } from '../../enrich/inventory/parse-inventory.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { StoreService } from '../../service/store-service.ts';
import { accountSources } from '../../sources/aws/account/account-sources.ts';
import { openEc2Account } from '../../sources/aws/account/ec2-account.ts';
import { findFlowLogs, type OpenAccount } from '../../sources/aws/account/find-flow-logs.ts';
import type { AccountFlowLogs } from '../../sources/aws/account/flow-log.ts';
import { awsClientConfig } from '../../sources/aws/client-config.ts';
import { noSourceOptions, type SourceOptions, type SourceRequest } from '../../sources/source.ts';
import { keepInventory } from '../import-inventory.ts';
import { plural, type Messages } from '../messages.ts';
import { boundsOf, sourceEnvironment } from '../source-options.ts';

/** What stands for all flow logs of an account. */
export const ACCOUNT = 'aws:';

/** How far back it is read by default. */
const DEFAULT_LAST = 'P1D';

/** An account, or some regions of it, and how its sources are to be read. */
export interface AccountToRead {
  /** None: the configured one. */
  readonly regions: readonly string[];
  /** For all sources; the region is each source's own. */
  readonly options: Omit<Partial<SourceOptions>, 'region'>;
  /** Whether a start was given; otherwise the last day is read. */
  readonly isBounded: boolean;
}

export interface SourceOfAccount {
  readonly name: string;
  readonly options: Partial<SourceOptions>;
}

/** Regions as people list them: apart, or with commas. Throws `usage` for what is not a region. */
export function regionsOf(texts: readonly string[]): readonly string[] {
  const regions = texts
    .flatMap((text) => text.split(',').map((one) => one.trim()))
    .filter((one) => one !== '');
  // https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
  const wrong = regions.find(
    (region) => region !== 'all' && !/^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/.test(region),
  );
  if (wrong !== undefined)
    throw new PeepholeError('usage', `${wrong} is not a region. Write for example eu-west-1, or all.`);
  return regions;
}

/** The account that is meant with options of a source, in which `region` may name several. Throws as `regionsOf`. */
export function accountToRead({ region = null, ...options }: Partial<SourceOptions>): AccountToRead {
  const isBounded = (options.from ?? null) !== null || (options.to ?? null) !== null;
  return {
    regions: regionsOf([region ?? '']),
    options: isBounded ? options : { ...options, ...boundsOf({ last: DEFAULT_LAST }, Date.now()) },
    isBounded,
  };
}

/** Asks AWS for an account's flow logs, with the environment of this command. Throws as `findFlowLogs`. */
export function askAccount({
  regions,
  options,
}: Pick<AccountToRead, 'regions' | 'options'>): Promise<AccountFlowLogs> {
  const open: OpenAccount = (region) => openEc2Account(accountRequest(options), region);
  return findFlowLogs(open, regions);
}

export interface FoundAccount {
  readonly flowLogs: AccountFlowLogs;
  /** Each place once, to be read as its flow logs write it. */
  readonly sources: readonly SourceOfAccount[];
}

/**
 * Asks AWS for an account's flow logs and what reads them. A log group that is followed asks for the formats of its flow
 * logs by itself, since another one may begin to write there, in a format of its own.
 *
 * @throws PeepholeError as `findFlowLogs`; `source_refused` if there is nothing that can be read
 */
export async function findAccount(account: AccountToRead, follow: boolean): Promise<FoundAccount> {
  const flowLogs = await askAccount(account);
  const found = accountSources(flowLogs.flow_logs);
  if (found.length === 0)
    throw new PeepholeError(
      'source_refused',
      'No readable flow log was found. peephole aws shows what is logged, and how to log the rest.',
    );
  const { format = null, from = null, to = null } = account.options;
  return {
    flowLogs,
    sources: found.map(({ name, options: own }) => ({
      name,
      // A given format takes precedence over AWS's.
      options: {
        ...account.options,
        region: own.region,
        format: format ?? (follow ? null : own.format),
        from,
        to,
      },
    })),
  };
}

/** Problems of an account whose sources are read all the same. */
export function warningsOf({ flow_logs, failures }: AccountFlowLogs): readonly string[] {
  const failed = flow_logs.filter(({ delivery }) => delivery === 'FAILED');
  const ids = failed.map(({ id, error }) => (error === null ? id : `${id} (${error})`)).join(', ');
  return [
    ...failures.map(({ message }) => message),
    ...(failed.length === 0 ? [] : [`AWS can't deliver ${ids}: what these would log is missing.`]),
  ];
}

/** Prints what was found in an account, and what could not be queried or is not read. */
export function reportFound(
  { flowLogs, sources }: FoundAccount,
  account: AccountToRead,
  messages: Messages,
): void {
  for (const warning of warningsOf(flowLogs)) messages.warn(warning);
  const unread = flowLogs.flow_logs.filter(({ source }) => source === null);
  if (unread.length > 0)
    messages.warn(
      `Not read: ${unread.map(({ id, destination }) => `${id} (${destination})`).join(', ')}. Firehose delivers by itself, to /api/v1/firehose.`,
    );
  messages.say(
    `${plural(flowLogs.flow_logs.length, 'flow log')} of the account in ${plural(sources.length, 'place')}${account.isBounded ? '' : ', the last day of each (--last P7D reads a week)'}`,
  );
}

/**
 * Imports the inventory of the regions that an account uses. Flow logs are worth reading without it, so a failure is
 * only reported.
 */
export async function importAccountInventory(
  service: StoreService,
  { options }: AccountToRead,
  { flow_logs, vpcs }: AccountFlowLogs,
  messages: Messages,
): Promise<void> {
  const request = accountRequest(options);
  const contents: InventoryContent[] = [];
  for (const region of new Set([...flow_logs, ...vpcs].map((one) => one.region))) {
    try {
      contents.push(await askEc2(region, options.profile ?? null, awsClientConfig(request, 'EC2')));
    } catch (error) {
      if (!(error instanceof PeepholeError)) throw error;
      messages.warn(`Addresses are without their names. ${error.message}`);
    }
  }
  if (contents.length > 0) await keepInventory(service, contents, null, messages);
}

function accountRequest(options: AccountToRead['options']): SourceRequest {
  return { name: ACCOUNT, options: { ...noSourceOptions, ...options }, environment: sourceEnvironment() };
}
