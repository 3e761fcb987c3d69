import type { InterfaceServiceName } from '../../model/catalog/interface-services.ts';
import type { InterfaceItem } from './item.ts';

/** What an interface belongs to, and a name found in its description. */
export interface InterfaceService {
  readonly service: InterfaceServiceName;
  readonly name: string | null;
}

/** Descriptions that AWS's services give their interfaces; the first group is a name. */
const descriptions: readonly (readonly [RegExp, InterfaceServiceName])[] = [
  [/^ELB app\/([^/]+)\//, 'application load balancer'],
  [/^ELB net\/([^/]+)\//, 'network load balancer'],
  [/^ELB gwy\/([^/]+)\//, 'gateway load balancer'],
  [/^ELB (\S+)/, 'classic load balancer'],
  [/^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/, 'Lambda function'],
  [/^Interface for NAT Gateway (nat-\w+)/, 'NAT gateway'],
  [/^VPC Endpoint Interface (vpce-\w+)/, 'VPC endpoint'],
  [/^RDSNetworkInterface/, 'RDS database'],
  [/^RDSProxy|^Network interface for DBProxy/i, 'RDS proxy'],
  [/^EFS mount target for (fs-\w+)/, 'EFS mount target'],
  [/^arn:aws[\w-]*:ecs:[^:]*:[^:]*:(?:attachment|task)\/(\S+)/, 'ECS task'],
  [/^ElastiCache\s+(\S+)/, 'ElastiCache node'],
  [/^RedshiftNetworkInterface/, 'Redshift cluster'],
  [/^Amazon EKS (\S+)/, 'EKS control plane'],
  [/^aws-K8S-(i-\w+)/, 'EKS node'],
  [/^DMSNetworkInterface/, 'DMS instance'],
  [/^AWS created network interface for directory (d-\w+)/, 'directory service'],
  [/^Network Interface for Transit Gateway Attachment (tgw-attach-\w+)/i, 'transit gateway attachment'],
  [/^Route 53 Resolver: (\S+)/, 'Route 53 resolver endpoint'],
  [/^ES (\S+)/, 'OpenSearch domain'],
  [/^DAX (\S+)/, 'DAX cluster'],
  [/^Amazon MSK.* (\S+)$|^DO NOT DELETE - Amazon MSK network interface for cluster arn:aws[\w-]*:kafka:[^:]*:[^:]*:cluster\/([^/]+)/, 'MSK broker'],
]; // prettier-ignore

const types: Readonly<Record<string, InterfaceServiceName>> = {
  natGateway: 'NAT gateway',
  nat_gateway: 'NAT gateway',
  lambda: 'Lambda function',
  load_balancer: 'load balancer',
  network_load_balancer: 'network load balancer',
  gateway_load_balancer: 'gateway load balancer',
  gateway_load_balancer_endpoint: 'gateway load balancer endpoint',
  vpc_endpoint: 'VPC endpoint',
  transit_gateway: 'transit gateway attachment',
  api_gateway_managed: 'API Gateway',
  quicksight: 'QuickSight',
  branch: 'ECS task or pod',
  trunk: 'instance',
  efa: 'instance',
  'efa-only': 'instance',
  ec2_instance_connect_endpoint: 'EC2 Instance Connect endpoint',
  global_accelerator_managed: 'Global Accelerator',
  aws_codestar_connections_managed: 'CodeStar connection',
  iot_rules_managed: 'IoT rule',
};

/** What an interface belongs to, by its description and type; null if these don't say. */
export function interfaceService(item: InterfaceItem): InterfaceService | null {
  for (const [pattern, service] of descriptions) {
    const match = pattern.exec(item.description ?? '');
    if (match !== null) return { service, name: match[1] ?? match[2] ?? null };
  }
  const byType = item.type === null ? undefined : types[item.type];
  if (byType !== undefined) return { service: byType, name: null };
  if (item.instance !== null) return { service: 'instance', name: null };
  // Services of AWS ask for interfaces under such names; people and roles have ids.
  return item.requester?.startsWith('amazon-') === true ? { service: 'AWS service', name: null } : null;
}
