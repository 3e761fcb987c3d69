/** So many rejected flows of seven sources to one port, a second after each other from `start` on (Unix seconds). */
export const rejectedFlows = (count: number, start = 1_529_452_800) =>
  Array.from({ length: count }, (_, i) => ({
    start: start + i,
    srcaddr: `198.51.100.${i % 7}`,
    dstaddr: '10.0.0.1',
    dstport: 80,
    protocol: 6,
    bytes: 40n,
    action: 'REJECT',
  }));
