/** What a network interface belongs to. */
export type HostKind =
  | 'instance'
  | 'application_load_balancer'
  | 'network_load_balancer'
  | 'nat_gateway'
  | 'lambda'
  | 'vpc_endpoint'
  | 'rds'
  | 'efs';

export type SubnetName = 'public-a' | 'public-b' | 'app-a' | 'app-b' | 'data-public' | 'data-a';

/** One line of the company's list of hosts; `count` hosts are named `role-1`, `role-2`, …. */
export interface HostSpec {
  readonly role: Role;
  readonly count: number;
  readonly kind: HostKind;
  /** Hosts take turns in these. */
  readonly subnets: readonly SubnetName[];
  /** Has a public address of its own. */
  readonly reachable: boolean;
  readonly dualStack?: boolean;
  /** Its name where the role's number won't do. */
  readonly names?: readonly string[];
  /** Nothing ever happens here: its records are NODATA. */
  readonly idle?: boolean;
}

const roles = [
  'storefront-lb', 'api-lb', 'metrics-lb', 'nat', 'bastion', 'ci-runner', 'sftp', 'mq', 'metrics-collector',
  'partner-api', 'staging', 'vpn', 'demo', 'status', 'web', 'api', 'auth', 'search', 'worker', 'cache',
  'thumbnailer', 'webhook', 'secrets', 'spare', 'db', 'orders-db', 'kafka', 'zookeeper', 'metrics-store', 'etl',
  'grafana', 'data-nat', 'shared-files',
] as const; // prettier-ignore

export type Role = (typeof roles)[number];

const edge = ['public-a', 'public-b'] as const;
const app = ['app-a', 'app-b'] as const;

function instance(role: Role, count: number, subnets: readonly SubnetName[], reachable = false): HostSpec {
  return { role, count, kind: 'instance', subnets, reachable };
}

/** The company. Addresses and ids come from the seed; names, roles and places don't. */
export const hosts: readonly HostSpec[] = [
  {
    role: 'storefront-lb',
    count: 2,
    kind: 'application_load_balancer',
    subnets: edge,
    reachable: true,
    dualStack: true,
  },
  { role: 'api-lb', count: 2, kind: 'application_load_balancer', subnets: app, reachable: false },
  { role: 'metrics-lb', count: 2, kind: 'network_load_balancer', subnets: edge, reachable: true },
  { role: 'nat', count: 2, kind: 'nat_gateway', subnets: edge, reachable: true },
  { ...instance('bastion', 1, ['public-a'], true), names: ['bastion'] },
  { ...instance('ci-runner', 1, ['public-b'], true), names: ['ci-runner'], dualStack: true },
  { ...instance('sftp', 1, ['public-b'], true), names: ['sftp'] },
  { ...instance('mq', 1, ['public-a'], true), names: ['mq'] },
  instance('metrics-collector', 3, edge, true),
  instance('partner-api', 2, edge, true),
  instance('staging', 2, edge, true),
  { ...instance('vpn', 1, ['public-a'], true), names: ['vpn'] },
  instance('demo', 2, edge, true),
  { ...instance('status', 1, ['public-b'], true), names: ['status'] },
  instance('web', 6, app),
  instance('api', 4, app),
  instance('auth', 2, app),
  instance('search', 2, app),
  instance('worker', 3, app),
  instance('cache', 2, app),
  { role: 'thumbnailer', count: 2, kind: 'lambda', subnets: app, reachable: false },
  { role: 'webhook', count: 1, kind: 'lambda', subnets: ['app-b'], reachable: false, names: ['webhook'] },
  { role: 'secrets', count: 2, kind: 'vpc_endpoint', subnets: app, reachable: false },
  { ...instance('spare', 2, app), idle: true },
  { ...instance('db', 2, ['data-a']), names: ['db-primary', 'db-replica'] },
  { role: 'orders-db', count: 1, kind: 'rds', subnets: ['data-a'], reachable: false, names: ['orders-db'] },
  instance('kafka', 3, ['data-a']),
  instance('zookeeper', 3, ['data-a']),
  instance('metrics-store', 2, ['data-a']),
  instance('etl', 2, ['data-a']),
  { ...instance('grafana', 1, ['data-public'], true), names: ['grafana'] },
  { role: 'data-nat', count: 1, kind: 'nat_gateway', subnets: ['data-public'], reachable: true },
  { role: 'shared-files', count: 1, kind: 'efs', subnets: ['data-a'], reachable: false, idle: true },
];
