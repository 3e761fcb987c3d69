/**
 * What somebody who owns an address can do where connections to it arrive: run programs (`machine`), run them in a container
 * whose address goes with it (`task`), have connections passed on to targets (`load_balancer`), only set rules (`managed`);
 * or no connection ever comes in (`none`).
 */
type Entry = 'machine' | 'task' | 'load_balancer' | 'managed' | 'none';

/** What an interface can belong to, by its description and type, and how connections to it arrive. */
const services = {
  'instance': 'machine',
  'EKS node': 'machine',
  'ECS task': 'task',
  'ECS task or pod': 'task',
  'application load balancer': 'load_balancer',
  'network load balancer': 'load_balancer',
  'classic load balancer': 'load_balancer',
  'load balancer': 'load_balancer',
  'VPC endpoint': 'managed',
  'RDS database': 'managed',
  'RDS proxy': 'managed',
  'EFS mount target': 'managed',
  'ElastiCache node': 'managed',
  'Redshift cluster': 'managed',
  'EKS control plane': 'managed',
  'DMS instance': 'managed',
  'directory service': 'managed',
  'Route 53 resolver endpoint': 'managed',
  'OpenSearch domain': 'managed',
  'DAX cluster': 'managed',
  'MSK broker': 'managed',
  'AWS service': 'managed',
  'NAT gateway': 'none',
  'Lambda function': 'none',
  'transit gateway attachment': 'none',
  'gateway load balancer': 'none',
  'gateway load balancer endpoint': 'none',
  'API Gateway': 'none',
  'Global Accelerator': 'none',
  'QuickSight': 'none',
  'CodeStar connection': 'none',
  'IoT rule': 'none',
  'EC2 Instance Connect endpoint': 'none',
} as const satisfies Readonly<Record<string, Entry>>; // prettier-ignore

export type InterfaceServiceName = keyof typeof services;

/** How connections arrive at what an address belongs to; `machine` where nothing says what it is. */
export function entryOf(service: string | null): Entry {
  return service !== null && Object.hasOwn(services, service)
    ? services[service as InterfaceServiceName]
    : 'machine';
}

/** `a NAT gateway`, `an RDS database`. */
export function withArticle(service: string): string {
  return `${/^(?:[AEIOaeio]|MSK|RDS)/.test(service) ? 'an' : 'a'} ${service}`;
}
