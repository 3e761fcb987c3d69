import { askEc2 } from '../enrich/aws/ask-ec2.ts';
import type { InventoryContent } from '../enrich/inventory/parse-inventory.ts';
import { addReports, emptyReport } from '../model/add-reports.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import { PeepholeError } from '../model/errors.ts';
import type { StoreService } from '../service/store-service.ts';
import { accountSources } from '../sources/aws/account/account-sources.ts';
import { openEc2Account } from '../sources/aws/account/ec2-account.ts';
import { findFlowLogs, type OpenAccount } from '../sources/aws/account/find-flow-logs.ts';
import type { AccountFlowLogs } from '../sources/aws/account/flow-log.ts';
import { awsClientConfig } from '../sources/aws/client-config.ts';
import { noSourceOptions, type SourceOptions, type SourceRequest } from '../sources/source.ts';
import { keepInventory } from './import-inventory.ts';
import { plural, type Messages } from './messages.ts';
import { sourceEnvironment, sourceOptionsOf, type SourceCliOptions } from './source-options.ts';

/** What stands for all flow logs of an account. */
export const ACCOUNT = 'aws:';

/** How far it is read back, if nobody says. */
const DEFAULT_LAST = 'P1D';

export interface SourceOfAccount {
  readonly name: string;
  readonly options: Partial<SourceOptions>;
}

/** Regions as people list them: apart, or with commas. Throws `usage` for what is no region. */
export function regionsOf(texts: readonly string[]): readonly string[] {
  const regions = texts
    .flatMap((text) => text.split(',').map((one) => one.trim()))
    .filter((one) => one !== '');
  // https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
  const wrong = regions.find(
    (region) => region !== 'all' && !/^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/.test(region),
  );
  if (wrong !== undefined)
    throw new PeepholeError('usage', `${wrong} is no region: they are called like eu-west-1, or all.`);
  return regions;
}

/** Asks AWS for an account's flow logs, with the options and the environment of this command. Throws as `findFlowLogs`. */
export function askAccount(
  regions: readonly string[],
  options: Omit<SourceCliOptions, 'region'>,
): Promise<AccountFlowLogs> {
  const open: OpenAccount = (region) => openEc2Account(accountRequest(options), region);
  return findFlowLogs(open, regions);
}

/**
 * Finds the sources of an account, and takes its inventory into the store. What could not be asked is said.
 *
 * @throws PeepholeError `source_refused` if there is nothing that can be read; as `findFlowLogs`
 */
export async function openAccount(
  service: StoreService,
  names: readonly string[],
  options: SourceCliOptions,
  messages: Messages,
): Promise<readonly SourceOfAccount[]> {
  const regions = regionsOf([options.region ?? '']);
  if (names.length > 1 && (regions.length > 1 || regions[0] === 'all'))
    throw new PeepholeError('usage', 'Several regions are for aws: alone; name it in a command of its own.');
  const { region: _, ...others } = options;
  const { flow_logs, vpcs, failures } = await askAccount(regions, others);
  for (const { message } of failures) messages.warn(message);
  const found = accountSources(flow_logs);
  const unread = flow_logs.filter(({ source }) => source === null);
  if (unread.length > 0)
    messages.warn(
      `Not read: ${unread.map(({ id, destination }) => `${id} (${destination})`).join(', ')}. Firehose delivers by itself, to /api/v1/firehose.`,
    );
  if (found.length === 0)
    throw new PeepholeError(
      'source_refused',
      'No flow log was found that can be read. peephole aws says what is logged, and how to log the rest.',
    );
  const isBounded = [options.from, options.to, options.last].some((bound) => bound !== undefined);
  const { from = null, to = null } = sourceOptionsOf(isBounded ? others : { ...others, last: DEFAULT_LAST });
  messages.say(
    `${plural(flow_logs.length, 'flow log')} of the account in ${plural(found.length, 'place')}${isBounded ? '' : ', the last day of each (--last P7D reads a week)'}`,
  );
  await importInventory(
    service,
    [...new Set([...flow_logs, ...vpcs].map(({ region }) => region))],
    others,
    messages,
  );
  return found.map(({ name, options: own }) => ({
    name,
    // What people say of the format goes before what AWS says.
    options: { region: own.region, format: options.format ?? own.format, from, to },
  }));
}

/** Reads sources one after the other. Those that refuse or fail are in the report, unless all do: then that is an error. */
export async function ingestEach(
  sources: readonly SourceOfAccount[],
  ingest: (source: SourceOfAccount) => Promise<IngestReport>,
): Promise<IngestReport> {
  let report = emptyReport();
  let failed = 0;
  for (const source of sources) {
    try {
      report = addReports(report, await ingest(source));
    } catch (error) {
      if (!(error instanceof PeepholeError) || !SOURCE_ERRORS.has(error.code)) throw error;
      if (++failed === sources.length) throw error;
      report = addReports(report, {
        ...emptyReport(),
        inputs: 1,
        failed_inputs: 1,
        failures: [{ input: source.name, code: error.code, reason: error.message }],
      });
    }
  }
  return report;
}

const SOURCE_ERRORS: ReadonlySet<string> = new Set(['source_refused', 'source_failed']);

/** The flow logs are worth reading without it: what fails is said. */
async function importInventory(
  service: StoreService,
  regions: readonly string[],
  options: Omit<SourceCliOptions, 'region'>,
  messages: Messages,
): Promise<void> {
  const request = accountRequest(options);
  const contents: InventoryContent[] = [];
  for (const region of regions) {
    try {
      contents.push(await askEc2(region, options.profile ?? null, awsClientConfig(request, 'EC2')));
    } catch (error) {
      if (!(error instanceof PeepholeError)) throw error;
      messages.warn(`Addresses are without their names. ${error.message}`);
    }
  }
  if (contents.length > 0) await keepInventory(service, contents, null, messages);
}

function accountRequest(options: Omit<SourceCliOptions, 'region'>): SourceRequest {
  return {
    name: ACCOUNT,
    options: { ...noSourceOptions, ...sourceOptionsOf(options) },
    environment: sourceEnvironment(),
  };
}
