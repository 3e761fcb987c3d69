/** A v2 record as a line, every field changeable. */
export function logLine(more: Readonly<Record<string, string | number>> = {}): string {
  const record = {
    version: 2,
    'account-id': '123456789012',
    'interface-id': 'eni-0a1b2c3d4e5f60718',
    srcaddr: '203.0.113.9',
    dstaddr: '10.0.0.1',
    srcport: 40_000,
    dstport: 80,
    protocol: 6,
    packets: 3,
    bytes: 180,
    start: 1_529_452_800,
    end: 1_529_452_860,
    action: 'REJECT',
    'log-status': 'OK',
    ...more,
  };
  return Object.values(record).join(' ');
}

export const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** `count` different records with a header, an hour's worth from `start` (Unix seconds). */
export function logFile(count: number, start = 1_529_452_800, seed = 0): string {
  const lines = Array.from({ length: count }, (_, i) =>
    logLine({
      srcaddr: `198.51.${(i >> 8) & 255}.${i & 255}`,
      srcport: 1024 + ((i * 7 + seed) % 60_000),
      dstport: i % 3 === 0 ? 443 : 80,
      bytes: 40 + i + seed,
      start: start + (i % 3600),
      end: start + (i % 3600) + 30,
      action: i % 50 === 0 ? 'REJECT' : 'ACCEPT',
    }),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
