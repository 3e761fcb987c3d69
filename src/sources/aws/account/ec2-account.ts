import type { FlowLog, Subnet, TransitGateway, Vpc } from '@aws-sdk/client-ec2';
import type { SourceRequest } from '../../source.ts';
import { awsError } from '../aws-errors.ts';
import { awsClientConfig, hasRenewableCredentials } from '../client-config.ts';
import { STATEMENT_OF_ACCOUNT } from './iam-policy.ts';

/** What EC2 says of an account in one region. Each throws PeepholeError `source_refused` or `source_failed`. */
export interface Ec2Account {
  /** The region that is asked. */
  region(): Promise<string>;
  flowLogs(): Promise<readonly FlowLog[]>;
  vpcs(): Promise<readonly Vpc[]>;
  subnets(): Promise<readonly Subnet[]>;
  /** The VPCs that interfaces are in, by the ids of those that are still there. */
  vpcsOfInterfaces(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Those that are not deleted. */
  transitGateways(): Promise<readonly TransitGateway[]>;
  /** The transit gateways that attachments are of, by the ids of those that are still there. */
  gatewaysOfAttachments(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The regions that the account uses. */
  regions(): Promise<readonly string[]>;
  close(): void;
}

/** Most values that a filter may have. */
const MOST_VALUES = 200;

/** Connects to nothing yet. `region` null: the configured one. Close it. */
export async function openEc2Account(request: SourceRequest, region: string | null): Promise<Ec2Account> {
  // Loaded only here: it is large.
  const ec2 = await import('@aws-sdk/client-ec2');
  const options = { ...request.options, ...(region === null ? {} : { region }) };
  const client = new ec2.EC2Client(awsClientConfig({ ...request, options }, 'EC2'));
  const where = region === null ? 'EC2' : `EC2 in ${region}`;
  const asked = async <T>(action: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw awsError(error, {
        what: `${where} did not answer ec2:${action}`,
        permission: `ec2:${action}, in the statement ${STATEMENT_OF_ACCOUNT} of peephole aws policy aws:`,
        renewable: hasRenewableCredentials(request),
      });
    }
  };
  return {
    region: () => asked('DescribeFlowLogs', () => client.config.region()),
    flowLogs: () =>
      asked('DescribeFlowLogs', async () => {
        const found: FlowLog[] = [];
        for await (const { FlowLogs = [] } of ec2.paginateDescribeFlowLogs({ client, pageSize: 1000 }, {}))
          found.push(...FlowLogs);
        return found;
      }),
    vpcs: () =>
      asked('DescribeVpcs', async () => {
        const found: Vpc[] = [];
        for await (const { Vpcs = [] } of ec2.paginateDescribeVpcs({ client, pageSize: 1000 }, {}))
          found.push(...Vpcs);
        return found;
      }),
    subnets: () =>
      asked('DescribeSubnets', async () => {
        const found: Subnet[] = [];
        for await (const { Subnets = [] } of ec2.paginateDescribeSubnets({ client, pageSize: 1000 }, {}))
          found.push(...Subnets);
        return found;
      }),
    vpcsOfInterfaces: (ids) =>
      asked('DescribeNetworkInterfaces', async () => {
        const found = new Map<string, string>();
        for (let i = 0; i < ids.length; i += MOST_VALUES) {
          const Filters = [{ Name: 'network-interface-id', Values: ids.slice(i, i + MOST_VALUES) }];
          for await (const { NetworkInterfaces = [] } of ec2.paginateDescribeNetworkInterfaces(
            { client, pageSize: 1000 },
            { Filters },
          ))
            for (const { NetworkInterfaceId = '', VpcId = '' } of NetworkInterfaces)
              found.set(NetworkInterfaceId, VpcId);
        }
        return found;
      }),
    transitGateways: () =>
      asked('DescribeTransitGateways', async () => {
        const found: TransitGateway[] = [];
        for await (const { TransitGateways = [] } of ec2.paginateDescribeTransitGateways(
          { client, pageSize: 1000 },
          {},
        ))
          found.push(...TransitGateways.filter(({ State = '' }) => !State.startsWith('delet')));
        return found;
      }),
    gatewaysOfAttachments: (ids) =>
      asked('DescribeTransitGatewayAttachments', async () => {
        const found = new Map<string, string>();
        for (let i = 0; i < ids.length; i += MOST_VALUES) {
          const Filters = [{ Name: 'transit-gateway-attachment-id', Values: ids.slice(i, i + MOST_VALUES) }];
          for await (const {
            TransitGatewayAttachments = [],
          } of ec2.paginateDescribeTransitGatewayAttachments({ client, pageSize: 1000 }, { Filters }))
            for (const {
              TransitGatewayAttachmentId = '',
              TransitGatewayId = '',
            } of TransitGatewayAttachments)
              found.set(TransitGatewayAttachmentId, TransitGatewayId);
        }
        return found;
      }),
    regions: () =>
      asked('DescribeRegions', async () => {
        const { Regions = [] } = await client.send(new ec2.DescribeRegionsCommand({}));
        return Regions.flatMap(({ RegionName }) => RegionName ?? []).toSorted();
      }),
    close: () => client.destroy(),
  };
}
