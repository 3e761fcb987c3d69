import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type CreateFlowLogsCommandInput,
} from '@aws-sdk/client-ec2';
import type { AwsAccount } from './aws-account.ts';

export interface Vpc {
  readonly vpcId: string;
  readonly subnetId: string;
}

/** Makes a VPC with one subnet. */
export async function createVpc({ ec2 }: AwsAccount): Promise<Vpc> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId ?? '', CidrBlock: '10.0.1.0/24' }),
  );
  return { vpcId: Vpc?.VpcId ?? '', subnetId: Subnet?.SubnetId ?? '' };
}

/** What a flow log is of. */
export type FlowLogResource =
  | { readonly vpcId: string }
  | { readonly subnetId: string }
  | { readonly interfaceId: string };

/** Makes an interface in a subnet; gives its id. */
export async function createInterface({ ec2 }: AwsAccount, SubnetId: string): Promise<string> {
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  return NetworkInterface?.NetworkInterfaceId ?? '';
}

/** The three kinds of places that flow logs are written to. */
export type FlowLogDestination =
  /** moto takes only whole buckets; AWS takes a folder of one too. */
  | { readonly kind: 's3'; readonly bucket: string }
  | { readonly kind: 'cloudwatch'; readonly logGroup: string }
  | { readonly kind: 'firehose'; readonly streamArn: string };

/**
 * Makes a flow log of a VPC or a subnet; gives its id. `format` as `${version} ${account-id} …`; AWS's default without.
 *
 * @throws Error with EC2's reason
 */
export async function createFlowLog(
  account: AwsAccount,
  resource: FlowLogResource,
  destination: FlowLogDestination,
  format?: string,
): Promise<string> {
  const { FlowLogIds = [], Unsuccessful = [] } = await account.ec2.send(
    new CreateFlowLogsCommand({
      ...resourceOf(resource),
      TrafficType: 'ALL',
      ...written(account, destination),
      ...(format === undefined ? {} : { LogFormat: format }),
    }),
  );
  const [id] = FlowLogIds;
  if (id === undefined) throw new Error(Unsuccessful[0]?.Error?.Message ?? 'EC2 made no flow log.');
  return id;
}

function resourceOf(
  resource: FlowLogResource,
): Pick<CreateFlowLogsCommandInput, 'ResourceType' | 'ResourceIds'> {
  if ('vpcId' in resource) return { ResourceType: 'VPC', ResourceIds: [resource.vpcId] };
  if ('subnetId' in resource) return { ResourceType: 'Subnet', ResourceIds: [resource.subnetId] };
  return { ResourceType: 'NetworkInterface', ResourceIds: [resource.interfaceId] };
}

function written(
  { id }: AwsAccount,
  destination: FlowLogDestination,
): Pick<
  CreateFlowLogsCommandInput,
  'LogDestinationType' | 'LogDestination' | 'LogGroupName' | 'DeliverLogsPermissionArn'
> {
  switch (destination.kind) {
    case 's3':
      return { LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${destination.bucket}` };
    case 'cloudwatch':
      return {
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: destination.logGroup,
        DeliverLogsPermissionArn: `arn:aws:iam::${id}:role/flow-logs`,
      };
    case 'firehose':
      return { LogDestinationType: 'kinesis-data-firehose', LogDestination: destination.streamArn };
  }
}
