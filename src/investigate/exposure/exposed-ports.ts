/** The groups of ports that should not be open to the internet; each is one finding. */
export type PortGroup =
  | 'remote login'
  | 'file sharing'
  | 'database'
  | 'containers'
  | 'administration'
  | 'messaging';

interface ExposedPort {
  readonly port: number;
  readonly protocol: 6 | 17;
  readonly what: string;
  readonly group: PortGroup;
}

const tcp = (group: PortGroup, ports: readonly (readonly [number, string])[]): readonly ExposedPort[] =>
  ports.map(([port, what]) => ({ port, protocol: 6, what, group }));
const udp = (group: PortGroup, ports: readonly (readonly [number, string])[]): readonly ExposedPort[] =>
  ports.map(([port, what]) => ({ port, protocol: 17, what, group }));

/**
 * Ports of shells, databases, administration and containers, which are rarely meant to be open to the internet. Web (80,
 * 443), mail and DNS are public services, and so not among them.
 */
export const exposedPorts: readonly ExposedPort[] = [
  ...tcp('remote login', [[22, 'SSH'], [23, 'Telnet'], [2222, 'SSH'], [3389, 'Remote Desktop'], [5900, 'VNC'], [5985, 'WinRM'], [5986, 'WinRM']]),
  ...tcp('file sharing', [[111, 'rpcbind'], [139, 'NetBIOS'], [445, 'SMB'], [873, 'rsync'], [2049, 'NFS']]),
  ...tcp('database', [[1433, 'SQL Server'], [1521, 'Oracle'], [3306, 'MySQL'], [5432, 'PostgreSQL'], [5439, 'Redshift'], [5984, 'CouchDB'], [6379, 'Redis'], [7000, 'Cassandra'], [8123, 'ClickHouse'], [9042, 'Cassandra'], [9200, 'Elasticsearch'], [9300, 'Elasticsearch'], [11_211, 'memcached'], [27_017, 'MongoDB']]),
  ...tcp('containers', [[2375, 'Docker'], [2376, 'Docker'], [2379, 'etcd'], [2380, 'etcd'], [6443, 'Kubernetes API'], [10_250, 'kubelet'], [10_255, 'kubelet']]),
  ...tcp('administration', [[5601, 'Kibana'], [8500, 'Consul'], [9090, 'Prometheus'], [10_000, 'Webmin'], [15_672, 'RabbitMQ management'], [389, 'LDAP']]),
  ...tcp('messaging', [[1883, 'MQTT'], [2181, 'ZooKeeper'], [4369, 'Erlang port mapper'], [5672, 'AMQP'], [9092, 'Kafka'], [61_616, 'ActiveMQ']]),
  ...udp('database', [[11_211, 'memcached']]),
  ...udp('administration', [[161, 'SNMP'], [389, 'LDAP'], [623, 'IPMI']]),
]; // prettier-ignore

/** Web, mail and DNS: open to everybody as a rule, so they don't count among many open ports either. */
export const publicPorts: readonly number[] = [
  25, 53, 80, 110, 143, 443, 465, 587, 853, 993, 995, 8080, 8443,
];

/** How much it matters, 0 to 1, if anybody reaches one of a group. */
export const groupWeights: Readonly<Record<PortGroup, number>> = {
  'remote login': 0.6,
  'file sharing': 0.9,
  database: 1,
  containers: 1,
  administration: 0.8,
  messaging: 0.7,
};

const byPort = new Map(exposedPorts.map((one) => [`${one.port}/${one.protocol}`, one]));

/** What is known of a port that should not be open; undefined: it is none. */
export function exposedPort(port: number, protocol: number): ExposedPort | undefined {
  return byPort.get(`${port}/${protocol}`);
}
