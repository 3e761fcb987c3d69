import { Random } from './random.ts';
import { isoTime } from './truth.ts';
import type { HostKind } from './world/hosts.ts';
import type { Interface, World } from './world/world.ts';

/** Files as the AWS command line gives them, by name. */
export interface Inventory {
  readonly 'network-interfaces.json': { readonly NetworkInterfaces: readonly object[] };
  readonly 'instances.json': { readonly Reservations: readonly object[] };
  readonly 'addresses.json': { readonly Addresses: readonly object[] };
}

/** The target's machine was launched this many seconds before the logs begin: the strangers were there already. */
const TARGET_AGE = 9 * 86_400;

const interfaceTypes: Readonly<Record<HostKind, string>> = {
  instance: 'interface',
  application_load_balancer: 'interface',
  network_load_balancer: 'network_load_balancer',
  nat_gateway: 'natGateway',
  lambda: 'lambda',
  vpc_endpoint: 'vpc_endpoint',
  rds: 'interface',
  efs: 'interface',
};

const requesters: Readonly<Record<HostKind, string | null>> = {
  instance: null,
  application_load_balancer: 'amazon-elb',
  network_load_balancer: 'amazon-elb',
  nat_gateway: 'AIDAJNATGATEWAYROLE',
  lambda: 'AROALAMBDAVPCACCESS:peephole',
  vpc_endpoint: 'AIDAVPCENDPOINTROLE',
  rds: 'amazon-rds',
  efs: 'AROAEFSMOUNTTARGET:efs',
};

/** When the target's machine was launched, in Unix seconds. */
export function targetLaunch(start: number): number {
  return start - TARGET_AGE;
}

/** EC2's answers about the world: describe-network-interfaces, describe-instances, describe-addresses. */
export function buildInventory(seed: string, world: World, start: number): Inventory {
  const random = new Random(seed, 'inventory');
  const rows = world.interfaces.map((one, eni) => ({
    one,
    owner: world.networks[one.subnet.network]?.accountId ?? '',
    vpc: world.networks[one.subnet.network]?.vpcId ?? '',
    since: isoTime(eni === world.target ? targetLaunch(start) : start - 86_400 * random.between(40, 700)),
    id: random.hex(16),
    group: { GroupName: one.role, GroupId: `sg-0${new Random(seed, `group/${one.role}`).hex(16)}` },
  }));
  type Row = (typeof rows)[number];

  const association = ({ one, owner, id }: Row): object =>
    one.kind === 'instance' || one.kind === 'nat_gateway'
      ? {
          AllocationId: `eipalloc-0${id}`,
          AssociationId: `eipassoc-0${id}`,
          IpOwnerId: owner,
          PublicDnsName: publicName(one),
          PublicIp: one.publicAddress,
        }
      : { IpOwnerId: 'amazon', PublicDnsName: publicName(one), PublicIp: one.publicAddress };

  const networkInterfaces = rows.map((row) => {
    const { one, owner, vpc, since, id, group } = row;
    const bound = one.publicAddress === null ? {} : { Association: association(row) };
    const requester = requesters[one.kind];
    return {
      ...bound,
      ...(one.name.startsWith('spare')
        ? {}
        : {
            Attachment: {
              AttachTime: since,
              AttachmentId: `${one.kind === 'instance' ? 'eni' : 'ela'}-attach-0${id}`,
              DeleteOnTermination: one.kind === 'instance',
              DeviceIndex: one.kind === 'instance' ? 0 : 1,
              ...(one.instanceId === null ? {} : { InstanceId: one.instanceId }),
              InstanceOwnerId: one.kind === 'instance' ? owner : (requester ?? 'amazon-aws'),
              Status: 'attached',
            },
          }),
      AvailabilityZone: one.subnet.zone,
      Description: describe(one, seed),
      Groups: one.kind === 'nat_gateway' ? [] : [group],
      InterfaceType: interfaceTypes[one.kind],
      Ipv6Addresses: one.ipv6Address === null ? [] : [{ Ipv6Address: one.ipv6Address, IsPrimaryIpv6: false }],
      MacAddress: `0a:${[0, 2, 4, 6, 8].map((i) => id.slice(i, i + 2)).join(':')}`,
      NetworkInterfaceId: one.id,
      OwnerId: owner,
      PrivateDnsName: privateName(one),
      PrivateIpAddress: one.privateAddress,
      PrivateIpAddresses: [
        {
          ...bound,
          Primary: true,
          PrivateDnsName: privateName(one),
          PrivateIpAddress: one.privateAddress,
        },
      ],
      ...(requester === null ? {} : { RequesterId: requester }),
      RequesterManaged: requester !== null,
      SourceDestCheck: one.kind !== 'nat_gateway',
      Status: one.name.startsWith('spare') ? 'available' : 'in-use',
      SubnetId: one.subnet.subnetId,
      TagSet: [],
      VpcId: vpc,
    };
  });

  const reservations = rows
    .filter(({ one }) => one.instanceId !== null && !one.idle)
    .map(({ one, owner, vpc, since, id, group }) => ({
      ReservationId: `r-0${id}`,
      OwnerId: owner,
      Groups: [],
      Instances: [
        {
          InstanceId: one.instanceId,
          InstanceType: one.subnet.network === 1 ? 'r5.xlarge' : 'm5.large',
          LaunchTime: since,
          Placement: { AvailabilityZone: one.subnet.zone, Tenancy: 'default' },
          PrivateDnsName: privateName(one),
          PrivateIpAddress: one.privateAddress,
          ...(one.publicAddress === null
            ? {}
            : { PublicDnsName: publicName(one), PublicIpAddress: one.publicAddress }),
          State: { Code: 16, Name: 'running' },
          SubnetId: one.subnet.subnetId,
          VpcId: vpc,
          NetworkInterfaces: [
            { NetworkInterfaceId: one.id, PrivateIpAddress: one.privateAddress, Status: 'in-use' },
          ],
          SecurityGroups: [group],
          Tags: [
            { Key: 'Name', Value: one.name },
            { Key: 'service', Value: one.role },
          ],
        },
      ],
    }));

  const elastic = rows
    .filter(
      ({ one }) => one.publicAddress !== null && (one.kind === 'instance' || one.kind === 'nat_gateway'),
    )
    .map(({ one, owner, id }) => ({
      ...(one.instanceId === null ? {} : { InstanceId: one.instanceId }),
      PublicIp: one.publicAddress,
      AllocationId: `eipalloc-0${id}`,
      AssociationId: `eipassoc-0${id}`,
      Domain: 'vpc',
      NetworkInterfaceId: one.id,
      NetworkInterfaceOwnerId: owner,
      PrivateIpAddress: one.privateAddress,
      Tags: [{ Key: 'Name', Value: one.name }],
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: one.subnet.zone.slice(0, -1),
    }));

  return {
    'network-interfaces.json': { NetworkInterfaces: networkInterfaces },
    'instances.json': { Reservations: reservations },
    'addresses.json': { Addresses: elastic },
  };
}

function describe(one: Interface, seed: string): string {
  const id = new Random(seed, `description/${one.name}`).hex(17);
  const group = new Random(seed, `description/${one.role}`).hex(16);
  switch (one.kind) {
    case 'instance':
      return '';
    case 'application_load_balancer':
      return `ELB app/${one.role.replace(/-lb$/, '')}/${group}`;
    case 'network_load_balancer':
      return `ELB net/${one.role.replace(/-lb$/, '')}/${group}`;
    case 'nat_gateway':
      return `Interface for NAT Gateway nat-0${id.slice(1)}`;
    case 'lambda':
      return `AWS Lambda VPC ENI-${one.role}-${[8, 4, 4, 4, 12].map((length, i) => new Random(seed, `lambda/${one.role}/${i}`).hex(length)).join('-')}`;
    case 'vpc_endpoint':
      return `VPC Endpoint Interface vpce-0${group}`;
    case 'rds':
      return 'RDSNetworkInterface';
    case 'efs':
      return `EFS mount target for fs-0${group} (fsmt-0${id.slice(1)})`;
  }
}

function privateName(one: Interface): string {
  return `ip-${one.privateAddress.replaceAll('.', '-')}.ec2.internal`;
}

function publicName(one: Interface): string {
  return `ec2-${one.publicAddress?.replaceAll('.', '-')}.compute-1.amazonaws.com`;
}
