import type { FlowLog, Subnet, Vpc } from '@aws-sdk/client-ec2';
import { PeepholeError } from '../../../model/errors.ts';
import { destinationOf } from './destination.ts';
import type { Ec2Account } from './ec2-account.ts';
import type {
  AccountFlowLog,
  AccountFlowLogs,
  AccountTransitGateway,
  AccountVpc,
  RegionFailure,
} from './flow-log.ts';
import { loggedGateways } from './logged-gateways.ts';

/** Opens EC2 in a region; null: the configured one. */
export type OpenAccount = (region: string | null) => Promise<Ec2Account>;

/** Regions that are asked at the same time. */
const AT_ONCE = 6;

/**
 * Asks the regions of an account for their flow logs and VPCs. What a region refuses is in `failures`; the others go on.
 *
 * @param regions names of regions, or `all`; none: the configured one
 * @throws PeepholeError as `Ec2Account` if no region gave its flow logs
 */
export async function findFlowLogs(open: OpenAccount, regions: readonly string[]): Promise<AccountFlowLogs> {
  const homeRegion = await configuredRegion(open);
  const wanted = await regionsOf(open, regions, homeRegion);
  const found: RegionFound[] = [];
  for (let i = 0; i < wanted.length; i += AT_ONCE)
    found.push(
      ...(await Promise.all(
        wanted.slice(i, i + AT_ONCE).map((region) => askRegion(open, region, homeRegion)),
      )),
    );
  const answered = found.filter(({ refusal }) => refusal === null);
  const refusal = found.find((one) => one.refusal !== null)?.refusal ?? null;
  if (answered.length === 0 && refusal !== null) throw refusal;
  return {
    flow_logs: found.flatMap(({ logs }) => logs),
    vpcs: found.flatMap(({ vpcs }) => vpcs),
    transit_gateways: found.flatMap(({ gateways }) => gateways),
    failures: found.flatMap(({ failures }) => failures),
  };
}

/** Null: none is configured. */
async function configuredRegion(open: OpenAccount): Promise<string | null> {
  const account = await open(null);
  try {
    return await account.region();
  } catch {
    return null;
  } finally {
    account.close();
  }
}

async function regionsOf(
  open: OpenAccount,
  regions: readonly string[],
  homeRegion: string | null,
): Promise<readonly (string | null)[]> {
  if (regions.length === 0) return [homeRegion];
  if (!regions.includes('all')) return [...new Set(regions)];
  // Each region answers for all of them.
  const account = await open(homeRegion ?? 'us-east-1');
  try {
    return await account.regions();
  } finally {
    account.close();
  }
}

interface RegionFound {
  readonly logs: readonly AccountFlowLog[];
  readonly vpcs: readonly AccountVpc[];
  readonly gateways: readonly AccountTransitGateway[];
  readonly failures: readonly RegionFailure[];
  /** Why it did not give its flow logs; null: it did. */
  readonly refusal: PeepholeError | null;
}

async function askRegion(
  open: OpenAccount,
  asked: string | null,
  homeRegion: string | null,
): Promise<RegionFound> {
  const account = await open(asked);
  try {
    const region = await account.region();
    const logs = (await account.flowLogs()).map((log) => accountFlowLog(log, region, homeRegion));
    const failures: RegionFailure[] = [];
    // A refusal of one of them leaves the other.
    const unlessRefused = async <T>(work: Promise<readonly T[]>): Promise<readonly T[]> => {
      try {
        return await work;
      } catch (error) {
        failures.push(failureOf(error, region));
        return [];
      }
    };
    const [vpcs, gateways] = await Promise.all([
      unlessRefused(loggedVpcs(account, region, logs)),
      unlessRefused(loggedGateways(account, region, logs)),
    ]);
    return { logs, vpcs, gateways, failures, refusal: null };
  } catch (error) {
    return {
      logs: [],
      vpcs: [],
      gateways: [],
      failures: [failureOf(error, asked)],
      refusal: ownError(error),
    };
  } finally {
    account.close();
  }
}

/** Anything but a PeepholeError is a bug, which must not be hidden. */
function ownError(error: unknown): PeepholeError {
  if (error instanceof PeepholeError) return error;
  throw error;
}

function failureOf(error: unknown, region: string | null): RegionFailure {
  return { region, message: ownError(error).message };
}

function accountFlowLog(log: FlowLog, region: string, homeRegion: string | null): AccountFlowLog {
  const { type, destination, source } = destinationOf(log, region, homeRegion);
  return {
    id: log.FlowLogId ?? '',
    resource: log.ResourceId ?? '',
    destination,
    format: log.LogFormat ?? '',
    region,
    source,
    destination_type: type,
    traffic: log.TrafficType ?? null,
    interval: log.MaxAggregationInterval ?? null,
    status: log.FlowLogStatus ?? null,
    delivery: log.DeliverLogsStatus ?? null,
    error: log.DeliverLogsErrorMessage ?? null,
  };
}

/** Which VPCs are logged: whole, in part (some subnets or interfaces, or accepted traffic alone), or not at all. */
async function loggedVpcs(
  account: Ec2Account,
  region: string,
  logs: readonly AccountFlowLog[],
): Promise<readonly AccountVpc[]> {
  const [vpcs, subnets] = await Promise.all([account.vpcs(), account.subnets()]);
  const interfaces = logs.flatMap(({ resource }) => (resource.startsWith('eni-') ? [resource] : []));
  const vpcOf = new Map<string, string>([
    ...vpcs.map(({ VpcId = '' }) => [VpcId, VpcId] as const),
    ...subnets.map(({ SubnetId = '', VpcId = '' }) => [SubnetId, VpcId] as const),
    ...(interfaces.length === 0 ? [] : await account.vpcsOfInterfaces(interfaces)),
  ]);
  return vpcs.map((vpc) => {
    const id = vpc.VpcId ?? '';
    return accountVpc(
      vpc,
      region,
      subnets.filter((subnet) => subnet.VpcId === id),
      logs.filter(({ resource }) => vpcOf.get(resource) === id),
    );
  });
}

function accountVpc(
  vpc: Vpc,
  region: string,
  subnets: readonly Subnet[],
  logs: readonly AccountFlowLog[],
): AccountVpc {
  const id = vpc.VpcId ?? '';
  // Two flow logs may complete each other: one for accepted, one for rejected traffic.
  // A flow log that can't deliver logs nothing.
  const isWhole = (resource: string): boolean => {
    const delivering = logs.filter((log) => log.resource === resource && log.delivery !== 'FAILED');
    const traffic = new Set(delivering.map((log) => log.traffic));
    return traffic.has('ALL') || (traffic.has('ACCEPT') && traffic.has('REJECT'));
  };
  const unlogged = isWhole(id)
    ? []
    : subnets.map(({ SubnetId = '' }) => SubnetId).filter((subnet) => !isWhole(subnet));
  const isAll = isWhole(id) || (subnets.length > 0 && unlogged.length === 0);
  return {
    id,
    name: vpc.Tags?.find(({ Key }) => Key === 'Name')?.Value ?? null,
    region,
    cidr: vpc.CidrBlock ?? null,
    logged: isAll ? 'all' : logs.length > 0 ? 'part' : 'none',
    flow_logs: logs.map((log) => log.id),
    unlogged_subnets: unlogged,
  };
}
