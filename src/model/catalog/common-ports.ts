/** The service that people expect at a port, whatever the registry calls it; of TCP or UDP. */
// prettier-ignore
export const commonPorts: ReadonlyMap<number, string> = new Map([
  [7, 'echo'], [20, 'ftp-data'], [21, 'ftp'], [22, 'ssh'], [23, 'telnet'], [25, 'smtp'], [53, 'dns'], [67, 'dhcp'],
  [68, 'dhcp'], [69, 'tftp'], [80, 'http'], [81, 'http'], [88, 'kerberos'], [110, 'pop3'], [111, 'rpcbind'], [113, 'ident'],
  [119, 'nntp'], [123, 'ntp'], [135, 'msrpc'], [137, 'netbios'], [138, 'netbios'], [139, 'netbios'], [143, 'imap'], [161, 'snmp'],
  [162, 'snmptrap'], [179, 'bgp'], [389, 'ldap'], [443, 'https'], [445, 'smb'], [465, 'smtps'], [500, 'ike'], [502, 'modbus'],
  [514, 'syslog'], [515, 'printer'], [520, 'rip'], [554, 'rtsp'], [587, 'submission'], [623, 'ipmi'], [631, 'ipp'], [636, 'ldaps'],
  [873, 'rsync'], [993, 'imaps'], [995, 'pop3s'], [1080, 'socks'], [1194, 'openvpn'], [1433, 'mssql'], [1434, 'mssql'], [1521, 'oracle'],
  [1723, 'pptp'], [1883, 'mqtt'], [1900, 'ssdp'], [2049, 'nfs'], [2181, 'zookeeper'], [2222, 'ssh'], [2375, 'docker'], [2376, 'docker'],
  [2379, 'etcd'], [2380, 'etcd'], [3128, 'squid'], [3268, 'ldap-gc'], [3306, 'mysql'], [3389, 'rdp'], [4317, 'otlp'], [4500, 'ipsec-nat'],
  [5000, 'upnp'], [5060, 'sip'], [5061, 'sips'], [5353, 'mdns'], [5432, 'postgresql'], [5555, 'adb'], [5601, 'kibana'], [5671, 'amqps'],
  [5672, 'amqp'], [5900, 'vnc'], [5984, 'couchdb'], [5985, 'winrm'], [6379, 'redis'], [6443, 'kubernetes'], [6881, 'bittorrent'], [7001, 'weblogic'],
  [8000, 'http-alt'], [8080, 'http-alt'], [8081, 'http-alt'], [8086, 'influxdb'], [8088, 'http-alt'], [8125, 'statsd'], [8443, 'https-alt'], [8500, 'consul'], [8883, 'mqtts'],
  [8888, 'http-alt'], [9000, 'http-alt'], [9042, 'cassandra'], [9090, 'prometheus'], [9092, 'kafka'], [9093, 'kafka'], [9100, 'jetdirect'], [9200, 'elasticsearch'],
  [9300, 'elasticsearch'], [9418, 'git'], [10250, 'kubelet'], [11211, 'memcached'], [15672, 'rabbitmq'], [25565, 'minecraft'], [27017, 'mongodb'], [51820, 'wireguard'],
]);
