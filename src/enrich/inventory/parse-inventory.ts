import { PeepholeError } from '../../model/errors.ts';
import { asObject, objectAt, objectsAt, secondsAt, textAt, type Json } from '../json.ts';
import type {
  BoundAddress,
  CloudRange,
  ElasticItem,
  InstanceItem,
  InterfaceItem,
  InventoryItem,
} from './item.ts';

/** The content of a document. */
export interface InventoryContent {
  readonly items: readonly InventoryItem[];
  /** Null: it holds no published ranges. */
  readonly ranges: readonly CloudRange[] | null;
}

/**
 * Reads a document by what is in it: the JSON of EC2's describe-network-interfaces, describe-instances or
 * describe-addresses as the AWS command line prints it, or AWS's ip-ranges.json.
 * @param name for messages
 * @throws PeepholeError `unreadable_input`
 */
export function parseInventory(document: unknown, name: string): InventoryContent {
  const json = asObject(document) ?? {};
  const known = ['NetworkInterfaces', 'Reservations', 'Addresses', 'prefixes'].filter((key) =>
    Array.isArray(json[key]),
  );
  if (known.length === 0) {
    throw new PeepholeError(
      'unreadable_input',
      `${name} is no inventory: it should be what aws ec2 describe-network-interfaces, describe-instances or describe-addresses prints (JSON), or AWS's ip-ranges.json.`,
    );
  }
  return {
    items: [
      ...objectsAt(json, 'NetworkInterfaces').flatMap((one) => readInterface(one) ?? []),
      ...objectsAt(json, 'Reservations').flatMap((reservation) =>
        objectsAt(reservation, 'Instances').flatMap(
          (one) => readInstance(one, textAt(reservation, 'OwnerId')) ?? [],
        ),
      ),
      ...objectsAt(json, 'Addresses').flatMap((one) => readElastic(one) ?? []),
    ],
    ranges: known.includes('prefixes') ? readRanges(json) : null,
  };
}

function readInterface(json: Json): InterfaceItem | null {
  const id = textAt(json, 'NetworkInterfaceId');
  if (id === null) return null;
  const attachment = objectAt(json, 'Attachment');
  const tags = readTags(json, 'TagSet');
  return {
    kind: 'interface',
    id,
    name: tags['Name'] ?? null,
    description: textAt(json, 'Description'),
    type: textAt(json, 'InterfaceType'),
    requester: textAt(json, 'RequesterId'),
    instance: textAt(attachment, 'InstanceId'),
    attached: secondsAt(attachment, 'AttachTime'),
    addresses: readAddresses(json),
    vpc: textAt(json, 'VpcId'),
    subnet: textAt(json, 'SubnetId'),
    zone: textAt(json, 'AvailabilityZone'),
    account: textAt(json, 'OwnerId'),
    groups: readGroups(json, 'Groups'),
    tags,
  };
}

function readInstance(json: Json, account: string | null): InstanceItem | null {
  const id = textAt(json, 'InstanceId');
  if (id === null) return null;
  const tags = readTags(json, 'Tags');
  const faces = objectsAt(json, 'NetworkInterfaces').map((face) => ({
    id: textAt(face, 'NetworkInterfaceId'),
    addresses: readAddresses(face),
  }));
  const address = textAt(json, 'PrivateIpAddress');
  const publicAddress = textAt(json, 'PublicIpAddress');
  return {
    kind: 'instance',
    id,
    name: tags['Name'] ?? null,
    type: textAt(json, 'InstanceType'),
    launched: secondsAt(json, 'LaunchTime'),
    interfaces: faces.map((face) => ({
      ...face,
      addresses: face.addresses.map((one) =>
        one.address === address && one.publicAddress === null ? { ...one, publicAddress } : one,
      ),
    })),
    vpc: textAt(json, 'VpcId'),
    subnet: textAt(json, 'SubnetId'),
    account,
    groups: readGroups(json, 'SecurityGroups'),
    tags,
  };
}

function readElastic(json: Json): ElasticItem | null {
  const id = textAt(json, 'PublicIp') ?? textAt(json, 'CarrierIp');
  if (id === null) return null;
  const tags = readTags(json, 'Tags');
  return {
    kind: 'elastic',
    id,
    name: tags['Name'] ?? null,
    allocation: textAt(json, 'AllocationId'),
    interface: textAt(json, 'NetworkInterfaceId'),
    instance: textAt(json, 'InstanceId'),
    address: textAt(json, 'PrivateIpAddress'),
    tags,
  };
}

/** All addresses of an interface: private ones with their public ones, and IPv6. */
function readAddresses(json: Json): readonly BoundAddress[] {
  const bound = objectsAt(json, 'PrivateIpAddresses').flatMap((one) => {
    const address = textAt(one, 'PrivateIpAddress');
    const association = objectAt(one, 'Association');
    const publicAddress = textAt(association, 'PublicIp') ?? textAt(association, 'CarrierIp');
    return address === null ? [] : [{ address, publicAddress }];
  });
  const primary = textAt(json, 'PrivateIpAddress');
  const lone =
    primary === null || bound.some(({ address }) => address === primary)
      ? []
      : [{ address: primary, publicAddress: textAt(objectAt(json, 'Association'), 'PublicIp') }];
  const six = objectsAt(json, 'Ipv6Addresses').flatMap((one) => {
    const address = textAt(one, 'Ipv6Address');
    return address === null ? [] : [{ address: address.toLowerCase(), publicAddress: null }];
  });
  return [...lone, ...bound, ...six];
}

function readGroups(json: Json, key: string): readonly string[] {
  return objectsAt(json, key).flatMap(
    (group) => textAt(group, 'GroupName') ?? textAt(group, 'GroupId') ?? [],
  );
}

function readTags(json: Json, key: string): Readonly<Record<string, string>> {
  const tags = objectsAt(json, key).flatMap((tag) => {
    const name = textAt(tag, 'Key');
    return name === null ? [] : [[name, textAt(tag, 'Value') ?? ''] as const];
  });
  return Object.fromEntries(tags);
}

function readRanges(json: Json): readonly CloudRange[] {
  return [...objectsAt(json, 'prefixes'), ...objectsAt(json, 'ipv6_prefixes')].flatMap((one) => {
    const prefix = textAt(one, 'ip_prefix') ?? textAt(one, 'ipv6_prefix');
    return prefix === null
      ? []
      : [{ prefix, service: textAt(one, 'service') ?? 'AMAZON', region: textAt(one, 'region') ?? '' }];
  });
}
