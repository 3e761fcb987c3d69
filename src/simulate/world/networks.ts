import type { SubnetName } from './hosts.ts';

export const REGION = 'us-east-1';

/** A VPC with an account and a flow log of its own. */
export interface Network {
  readonly name: 'product' | 'data';
  readonly accountId: string;
  readonly vpcId: string;
  readonly flowLogId: string;
  /** The flow log's longest aggregation, in minutes: 1 or 10. */
  readonly windowMinutes: 1 | 10;
}

export interface Subnet {
  readonly name: SubnetName;
  readonly subnetId: string;
  /** The index in `World.networks`. */
  readonly network: number;
  /** The first three octets of its /24. */
  readonly prefix: string;
  readonly zone: string;
  readonly zoneId: string;
}

interface SubnetPlace {
  readonly name: SubnetName;
  readonly network: 0 | 1;
  readonly prefix: string;
  readonly zone: 'a' | 'b';
}

/** Two peered VPCs, six subnets, two zones. */
export const subnetPlaces: readonly SubnetPlace[] = [
  { name: 'public-a', network: 0, prefix: '10.0.0', zone: 'a' },
  { name: 'public-b', network: 0, prefix: '10.0.1', zone: 'b' },
  { name: 'app-a', network: 0, prefix: '10.0.10', zone: 'a' },
  { name: 'app-b', network: 0, prefix: '10.0.11', zone: 'b' },
  { name: 'data-public', network: 1, prefix: '10.1.0', zone: 'a' },
  { name: 'data-a', network: 1, prefix: '10.1.20', zone: 'a' },
];
