import { describe, expect, test } from 'vitest';
import { Inventory } from './inventory.ts';
import type { InterfaceItem } from './item.ts';
import { interfaceService } from './interface-service.ts';
import { parseInventory } from './parse-inventory.ts';

const face = (id: string, address: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  NetworkInterfaceId: id,
  PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true, Association: { PublicIp: '54.172.1.2' } }],
  Ipv6Addresses: [{ Ipv6Address: '2600:1F18::AB' }],
  ...more,
});

const items = (document: unknown) => parseInventory(document, 'a test').items;
const seen = (document: unknown, at: number) =>
  items(document).map((item) => ({ item, first: at, last: at }));

describe('an inventory', () => {
  const instances = {
    Reservations: [
      {
        OwnerId: '1',
        Instances: [
          {
            InstanceId: 'i-1',
            LaunchTime: '2018-06-11T00:00:00+00:00',
            PrivateIpAddress: '10.0.0.5',
            PublicIpAddress: '54.172.1.2',
            Tags: [{ Key: 'Name', Value: 'collector' }],
            SecurityGroups: [{ GroupName: 'metrics' }],
            NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.5' }],
          },
        ],
      },
    ],
  };

  test('joins interfaces with their instances', () => {
    const attached = { InstanceId: 'i-1', AttachTime: '2018-06-10T00:00:00.000Z' };
    const inventory = new Inventory([
      ...seen({ NetworkInterfaces: [face('eni-1', '10.0.0.5', { Attachment: attached })] }, 2_000_000_000),
      ...seen(instances, 2_000_000_000),
    ]);
    const facts = inventory.at('10.0.0.5', 'eni-1', Date.UTC(2018, 5, 20) / 1000);
    expect(facts).toMatchObject({
      name: 'collector',
      publicAddress: '54.172.1.2',
      service: 'instance',
      since: Date.UTC(2018, 5, 11) / 1000,
    });
    expect(inventory.at('54.172.1.2', null, 0)?.name).toBe('collector');
    expect(inventory.at('2600:1f18::ab', null, 0)?.name).toBe('collector');
    expect(inventory.at('10.0.0.6', null, 0)).toBeNull();
  });

  test('knows instances without their interfaces', () => {
    const inventory = new Inventory(seen(instances, 2_000_000_000));
    expect(inventory.at('10.0.0.5', 'eni-1', 1_600_000_000)).toMatchObject({
      name: 'collector',
      publicAddress: '54.172.1.2',
      interfaceId: 'eni-1',
      groups: ['metrics'],
    });
  });

  test('an address is what it was when the flow happened', () => {
    const owner = (name: string, at: string): unknown => ({
      NetworkInterfaces: [
        face(`eni-${name}`, '10.0.0.9', {
          TagSet: [{ Key: 'Name', Value: name }],
          Attachment: { AttachTime: at },
        }),
      ],
    });
    const inventory = new Inventory([
      ...seen(owner('old', '2020-01-01T00:00:00Z'), Date.UTC(2020, 5, 1) / 1000),
      ...seen(owner('new', '2021-01-01T00:00:00Z'), Date.UTC(2021, 5, 1) / 1000),
    ]);
    const at = (moment: string): string | null =>
      inventory.at('10.0.0.9', null, Date.parse(moment) / 1000)?.name ?? null;
    expect(at('2020-03-01')).toBe('old');
    expect(at('2020-12-01')).toBe('old');
    expect(at('2021-03-01')).toBe('new');
    expect(at('2030-01-01')).toBe('new');
    expect(inventory.at('10.0.0.9', 'eni-new', Date.UTC(2020, 2, 1) / 1000)?.name).toBe('new');
  });

  test('refuses what is none, and survives what is odd', () => {
    expect(() => items({ Buckets: [] })).toThrow(/is no inventory/);
    expect(() => items([1])).toThrow(/is no inventory/);
    expect(
      items({ NetworkInterfaces: [null, 7, {}, { NetworkInterfaceId: 'eni-2', PrivateIpAddresses: 3 }] }),
    ).toHaveLength(1);
    expect(items({ Addresses: [{ PublicIp: '3.3.3.3', Tags: 'x' }] })).toMatchObject([
      { kind: 'elastic', id: '3.3.3.3' },
    ]);
  });
});

test('the description and type of an interface show what it belongs to', () => {
  const of = (description: string, type = 'interface', instance: string | null = null) =>
    interfaceService({ description, type, instance } as InterfaceItem);
  expect(of('ELB app/storefront/652bd0f538b22b29')).toEqual({
    service: 'application load balancer',
    name: 'storefront',
  });
  expect(of('ELB net/metrics/1', 'network_load_balancer')).toEqual({
    service: 'network load balancer',
    name: 'metrics',
  });
  expect(of('AWS Lambda VPC ENI-thumbnailer-01234567-0123-0123-0123-0123456789ab', 'lambda')).toEqual({
    service: 'Lambda function',
    name: 'thumbnailer',
  });
  expect(of('Interface for NAT Gateway nat-0abc', 'natGateway')?.service).toBe('NAT gateway');
  expect(of('VPC Endpoint Interface vpce-0abc', 'vpc_endpoint')?.name).toBe('vpce-0abc');
  expect(of('RDSNetworkInterface')?.service).toBe('RDS database');
  expect(of('EFS mount target for fs-0abc (fsmt-1)')?.name).toBe('fs-0abc');
  expect(of('arn:aws:ecs:us-east-1:123456789012:attachment/0a1b')?.service).toBe('ECS task');
  expect(of('', 'interface', 'i-1')).toEqual({ service: 'instance', name: null });
  expect(of('', 'ec2_instance_connect_endpoint')?.service).toBe('EC2 Instance Connect endpoint');
  expect(of('')).toBeNull();
  const asked = { description: 'of a service nobody knows yet', type: 'interface', instance: null };
  expect(interfaceService({ ...asked, requester: 'amazon-new' } as InterfaceItem)?.service).toBe(
    'AWS service',
  );
  expect(interfaceService({ ...asked, requester: 'AIDA0123456789EXAMPLE' } as InterfaceItem)).toBeNull();
});
